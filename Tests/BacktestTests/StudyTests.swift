import Backtest
import Fleet
import Performance
import Policies
import Routing
import Sampling
import Simulation
import Testing
import Traces

@Suite struct StudyTests {
    static let profile = PerformanceProfile(
        name: "small", accelerators: 2, decode: (c0: 0.014, c1: 0.0001, c2: 1e-7), prefill: (c3: 6e-5, c4: 0.008),
        chunkTokens: 512, maxBatch: 256, kvTokens: 400_000, backlogSeconds: 0.25,
        power: .init(idle: Power(watts: 60), busy: Power(watts: 200), perSequence: Power(watts: 1), isAssumed: true),
        price: Price(perAcceleratorHour: 3))

    /// Ten minutes that begin quietly, are busy for three minutes, and quiet again.
    static func trace(seed: UInt64) -> Trace {
        var generator = SeededGenerator(seed: seed)
        var builder = TraceBuilder()
        var time = 0.0
        while time < 600 {
            let rate = (240..<420).contains(time) ? 14.0 : 2.0
            time += generator.exponential(mean: 1 / rate)
            let prompt = UInt32.random(in: 200...2000, using: &generator)
            builder.append(
                .init(
                    row: RequestRow(
                        arrival: time, promptTokens: prompt,
                        outputTokens: UInt32.random(in: 1...300, using: &generator))))
        }
        return builder.finish(name: "hump")
    }

    static let study: TraceStudy = {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(30), spread: 1.5)
        var study = TraceStudy(trace: trace(seed: 1), profile: profile, options: options)
        study.findStaticFleet()
        study.findClairvoyant()
        return study
    }()

    @Test func references_areOrdered_fluidBelowClairvoyantBelowStatic() throws {
        let references = Self.study.references
        let fixed = try #require(references.staticAcceleratorHours)
        let clairvoyant = try #require(references.clairvoyantAcceleratorHours)
        #expect(references.fluidAcceleratorHours < clairvoyant)
        #expect(clairvoyant < fixed)
    }

    @Test func staticFleet_isTheSmallestThatReachesTheTarget() throws {
        let replicas = try #require(Self.study.references.staticReplicas)
        let enough = try Self.study.run("static", seed: 1)
        #expect(enough.outcome.attainment >= 0.99)
        let fewer = try Self.study.run("static", knob: Double(replicas - 1) / Double(replicas), seed: 1)
        #expect(fewer.outcome.replicaHours < enough.outcome.replicaHours)
        #expect(fewer.outcome.attainment < 0.99)
    }

    @Test func staticFleet_isThereFromTheStart() throws {
        let run = try Self.study.run("static", seed: 1)
        #expect(run.outcome.starts == 0)
        #expect(run.outcome.startUpSeconds == 0)
    }

    @Test func run_costAndRatios_followFromTheHours() throws {
        let run = try Self.study.run("static", seed: 1)
        #expect(abs(run.cost - run.outcome.acceleratorHours * 3) < 1e-9)
        #expect(abs(run.outcome.acceleratorHours - 2 * run.outcome.replicaHours) < 1e-9)
        #expect(run.ratioToStatic == 1)
    }

    @Test func policies_areCappedAtTwiceTheStaticFleet() throws {
        let replicas = try #require(Self.study.references.staticReplicas)
        let run = try Self.study.run("aibrix-apa", knob: 50, seed: 1)
        #expect(run.outcome.peak <= 2 * replicas)
    }

    @Test func operatingPoint_isBelowTheFluidRateAndAboveHalfOfIt() {
        let point = Self.study.operatingPoint
        let fluid = Self.profile.fluidPoint(point.shape, itl: 0.05)
        #expect(point.steadyRate < fluid.rate)
        #expect(point.steadyRate > fluid.rate / 2)
        #expect(point.steadyConcurrency < fluid.batch * 1.2)
    }

    @Test func knobSearch_tunedRun_justReachesTheTarget() throws {
        let runs = try KnobSearch(Self.study, policy: "hpa", seeds: [1, 2]).runs()
        #expect(runs.count == 2)
        #expect(runs.map(\.isTuned) == [true, true])
        let attainment = runs.reduce(0) { $0 + $1.outcome.attainment } / 2
        #expect(attainment >= 0.99)
        let looser = try [1, 2].map { try Self.study.run("hpa", knob: runs[0].knob / 1.7, seed: $0) }
        let looserAttainment = looser.reduce(0) { $0 + $1.outcome.attainment } / 2
        #expect(looserAttainment < attainment)
    }

    // MARK: The order slo

    static let inTime: TraceStudy = {
        var study = Self.study
        study.addInTime()
        return study
    }()

    @Test func inTime_operatingPoint_carriesAtLeastAsMuchWithAPacing() throws {
        let point = Self.inTime.served(.slo).operatingPoint
        #expect(point.steadyRate >= Self.study.operatingPoint.steadyRate * 0.99)
        let pacing = try #require(point.pacing)
        #expect(pacing > 0.5 && pacing <= 1)
        #expect(Self.study.operatingPoint.pacing == nil)
    }

    @Test func inTime_policyWithSuffix_runsInItsOrderByTheSameYardstick() throws {
        let plain = try Self.inTime.run("tideway", seed: 1)
        let inTime = try Self.inTime.run("tideway+slo", seed: 1)
        #expect((plain.dispatch, plain.policy) == (.fcfs, "tideway"))
        #expect((inTime.dispatch, inTime.policy) == (.slo, "tideway+slo"))
        #expect(inTime.outcome.digest != plain.outcome.digest)
        let reference = try #require(Self.study.references.clairvoyantAcceleratorHours)
        #expect(inTime.ratioToClairvoyant == inTime.outcome.acceleratorHours / reference)
        #expect(try Self.inTime.served(.slo).run("tideway", seed: 1).outcome.digest == inTime.outcome.digest)
    }

    @Test func inTime_firstComeFirstServed_isUntouched() throws {
        let before = try Self.study.run("hpa", seed: 1)
        #expect(try Self.inTime.run("hpa", seed: 1).outcome == before.outcome)
    }

    @Test func run_unknownPolicy_throwsWithTheNearestName() {
        let error = #expect(throws: PolicyError.self) { try Self.study.run("hpaa", seed: 1) }
        #expect(error?.description.contains("did you mean 'hpa'") == true)
    }

    @Test func fullDetail_timelineCoversThePeriodAndCountsAllRequests() throws {
        let run = try Self.study.run("forecast", seed: 1, detail: .full)
        let counted = run.timeline.reduce(0) { $0 + $1.arrivalRate * 60 }
        #expect(abs(counted - Double(run.outcome.requests)) < 0.5)
        #expect(run.fleet.first?.time == 0)
        #expect(!run.decisions.isEmpty)
        let good = run.timeline.reduce(0) { $0 + ($1.goodRatio ?? 0) * $1.arrivalRate * 60 }
        #expect(abs(good - Double(run.outcome.good)) < 0.5)
    }
}
