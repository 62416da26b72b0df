import Fleet
import Foundation
import Performance
import Profiles
import Routing
import Simulation
import Testing
import TraceFiles
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
        var profile = try ProfileCatalogue.load(check.profile ?? "8b-a100")
        profile.maxBatch = check.maxBatch ?? profile.maxBatch
        profile.kvTokens = check.kvTokens ?? profile.kvTokens
        profile.c3 = check.c3 ?? profile.c3
        let trace = try Self.load(check.trace, speed: check.speed)
        let simulator = Simulator(
            trace: trace, profile: profile, policy: ScheduledSteps(steps: steps), options: options)
        return simulator.run().outcome
    }

    static func load(_ name: String, speed: Double) throws -> Trace {
        let path = SharedData.folder.appending(path: "traces/azure-llm-2023/AzureLLMInferenceTrace_\(name).csv").path
        return try TraceFiles.load(path, options: TraceReadingOptions()).trace.spedUp(by: speed)
    }
}
