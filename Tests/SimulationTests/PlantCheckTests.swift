import Fleet
import Foundation
import Performance
import Routing
import Simulation
import Testing
import Traces

/// Every case of the reference plant's check list, computed by an independent implementation of the same rules.
@Suite struct PlantCheckTests {
    @Test(
        .enabled(if: !PlantCase.all.isEmpty, "needs TIDEWAY_DATA with reference/plant-check.json"),
        arguments: PlantCase.all)
    func case_agrees(_ check: PlantCase) throws {
        let outcome = try simulate(check)
        #expect(outcome.requests == check.requests)
        #expect(outcome.horizonSeconds == check.horizonS)
        #expect(outcome.unfinished == check.unfinished)
        #expect(outcome.peak == check.peak)
        expect(outcome.attainment, check.attainment, within: 0.001)
        expect(outcome.ttftOKRatio, check.ttftOk, within: 0.001)
        expect(outcome.itlOKRatio, check.itlOk, within: 0.001)
        expect(outcome.busyFraction, check.busyFraction, within: 0.001)
        expect(outcome.replicaHours, check.replicaHours, within: 0.001 * check.replicaHours)
        expect(outcome.ttft.p50, check.ttftP50, within: 0.01 * check.ttftP50)
        expect(outcome.ttft.p95, check.ttftP95, within: 0.01 * check.ttftP95)
        expect(outcome.ttft.p99, check.ttftP99, within: 0.01 * check.ttftP99)
        expect(outcome.itl.p50, check.itlP50, within: 0.01 * check.itlP50)
        expect(outcome.itl.p99, check.itlP99, within: 0.01 * check.itlP99)
        expect(outcome.energy.kilowattHours, check.kwh, within: 0.01 * check.kwh)
    }

    func expect(_ value: Double, _ expected: Double, within: Double, _ at: SourceLocation = #_sourceLocation) {
        #expect(abs(value - expected) <= within, "\(value), expected \(expected)", sourceLocation: at)
    }

    func simulate(_ check: PlantCase) throws -> SimulationOutcome {
        var options = SimulationOptions()
        options.binding = check.binding == "early" ? .early : .late
        options.startUp = StartUpModel(median: .seconds(check.startUp ?? 60), spread: 1)
        var steps: [(Double, Int)] = []
        switch check.fleet {
        case .constant(let count): options.initialReady = count
        case .steps(let pairs):
            options.initialReady = pairs[0][1]
            steps = pairs.dropFirst().map { (Double($0[0]), $0[1]) }
        }
        var profile = check.profile == "8b-h100" ? Self.h100 : check.profile == "70b-h100x4" ? Self.h100x4 : Self.a100
        profile.maxBatch = check.maxBatch ?? profile.maxBatch
        profile.kvTokens = check.kvTokens ?? profile.kvTokens
        profile.c3 = check.c3 ?? profile.c3
        let trace = try Self.load(check.trace, speed: check.speed)
        let simulator = Simulator(
            trace: trace, profile: profile, policy: ScheduledSteps(steps: steps), options: options)
        return simulator.run().outcome
    }

    static func load(_ name: String, speed: Double) throws -> Trace {
        let url = SharedData.folder.appending(path: "traces/azure-llm-2023/AzureLLMInferenceTrace_\(name).csv")
        var builder = TraceBuilder()
        var first: Double?
        for line in try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",")
            let clock = fields[0].split(separator: " ")[1].split(separator: ":")
            let t = Double(clock[0])! * 3600 + Double(clock[1])! * 60 + Double(clock[2])!
            if first == nil { first = t }
            builder.append(
                .init(
                    row: RequestRow(
                        arrival: (t - first!) / speed, promptTokens: UInt32(fields[1])!,
                        outputTokens: UInt32(fields[2])!)))
        }
        return builder.finish(name: name)
    }

    static func profile(
        _ name: String, _ acc: Int, _ d: (Double, Double, Double), _ p: (Double, Double), _ s: Double, _ kv: Int,
        _ w: (Double, Double, Double)
    ) -> PerformanceProfile {
        PerformanceProfile(
            name: name, accelerators: acc, decode: (c0: d.0 * 1e-3, c1: d.1 * 1e-6, c2: d.2 * 1e-9),
            prefill: (c3: p.0 * 1e-6, c4: p.1 * 1e-3), chunkTokens: s, maxBatch: 256, kvTokens: kv,
            backlogSeconds: 0.25,
            power: .init(
                idle: .init(watts: w.0), busy: .init(watts: w.1), perSequence: .init(watts: w.2), isAssumed: false),
            price: .init(perAcceleratorHour: 2))
    }
    static let a100 = profile("8b-a100", 1, (14.14, 92.8, 124.4), (63.1, 8), 512, 430_000, (63, 235, 1.31))
    static let h100 = profile("8b-h100", 1, (7.74, 47.2, 58.8), (25.5, 8), 1024, 430_000, (100, 375, 1.40))
    static let h100x4 = profile("70b-h100x4", 4, (19.21, 64.7, 58.8), (94.5, 23.8), 256, 470_000, (100, 375, 1.40))
}
