import Control
import Fleet
import Performance
import Policies
import Simulation
import Testing

/// Runs with the guards on, in which something goes wrong.
@Suite struct GuardedRunTests {
    private let context = PolicyContext(
        profile: SmallPlant.profile, slo: .reference,
        operatingPoint: OperatingPoint(
            steadyRate: 4, steadyConcurrency: 2, fluidBatch: 3,
            shape: RequestShape(promptTokens: 100, outputTokens: 40)),
        startUpMedian: .seconds(10))

    private func run(_ faults: [Fault] = [], _ change: (inout SimulationOptions) -> Void = { _ in }) -> SimulationResult
    {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 1)
        options.bounds = ReplicaBounds(min: 1, max: 12)
        options.faults = faults
        options.recordsDecisions = true
        change(&options)
        return Simulator(
            trace: SmallPlant.randomTrace(seed: 7, rate: 20, seconds: 300), profile: SmallPlant.profile,
            policy: TidewayPolicy(context), guards: .all, options: options
        ).run()
    }

    private func reasons(_ result: SimulationResult) -> Set<PlanReason> { Set(result.decisions.flatMap(\.reasons)) }

    @Test func startsFail_areTriedAgainAndEverythingIsServed() {
        let failing = run((0..<40).map { .failedStart(ordinal: $0) })
        #expect(failing.outcome.unfinished == 0)
        #expect(failing.outcome.starts > 40)
        #expect(reasons(failing).contains(.startBackOff))
        #expect(!reasons(run()).contains(.startBackOff))
    }

    @Test func startsFail_betweenTwoDecisions_areOrderedAgainAfterASecond() {
        // One replica, lost at 30 s; its successor fails at 40 s and is ordered again at 41 s, ready at 51 s.
        let result = run([.crash(ReplicaID(0), at: 30), .failedStart(ordinal: 0)]) {
            $0.bounds = ReplicaBounds(min: 1, max: 1)
        }
        let ready = result.fleet.filter { $0.time > 30 }.first { $0.ready == 1 }
        #expect(ready?.time == 51)
    }

    @Test func metricsLost_nothingIsGivenBackInTheDark() {
        let result = run([.metricsLost(from: 60, until: 200)])
        let dark = result.decisions.filter { $0.at.seconds > 75 && $0.at.seconds < 200 }
        #expect(!dark.isEmpty)
        #expect(dark.filter { $0.desired < $0.current || !$0.reasons.contains(.noData) }.isEmpty)
    }

    @Test func startDeadline_passed_isCancelledAndOrderedAgain() {
        let result = run {
            $0.startUpTimes = [500]
            $0.startDeadline = .seconds(25)
        }
        #expect(result.outcome.unfinished == 0)
        #expect(reasons(result).contains(.startOverdue))
        #expect(reasons(result).contains(.startBackOff) || result.outcome.starts > 1)
    }

    @Test func scaleToZero_isLeftWithTheFirstRequestsObservation() throws {
        let trace = SmallPlant.trace([(1, 100, 1), (100.5, 100, 1)])
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 1)
        options.bounds = ReplicaBounds(min: 0, max: 4)
        options.workload.idleTimeToZero = .seconds(40)
        options.recordsDecisions = true
        let result = Simulator(
            trace: trace, profile: SmallPlant.profile, policy: TidewayPolicy(context), guards: .all, options: options
        ).run()
        #expect(result.outcome.unfinished == 0)
        let wake = try #require(result.decisions.first { $0.reason == .wake })
        // Seen by the sample of 101 s, which arrives a second later; ready at 112 s.
        #expect(wake.at.seconds == 102)
        #expect(abs(result.outcome.ttft.p99 - 11.6) < 1e-6)
    }

    @Test func noSecondWriter_isSeenWhereThereIsNone() {
        let result = run([.crash(ReplicaID(0), at: 60), .crash(ReplicaID(1), at: 61), .crash(ReplicaID(2), at: 62)])
        #expect(!reasons(result).contains(.secondWriter))
    }
}
