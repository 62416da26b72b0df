import Control
import Fleet
import Performance
import Sampling
import Simulation
import Traces

/// Small runs for tests.
enum SmallPlant {
    /// Prefill 1 ms a token, decode 10 ms an iteration, both independent of the batch: times can be worked out by hand.
    static let profile = PerformanceProfile(
        name: "plain", accelerators: 1, decode: (c0: 0.01, c1: 0, c2: 0), prefill: (c3: 0.001, c4: 0), chunkTokens: 100,
        maxBatch: 8, kvTokens: 10_000, backlogSeconds: 0.25,
        power: .init(idle: Power(watts: 100), busy: Power(watts: 300), perSequence: Power(watts: 10), isAssumed: true),
        price: Price(perAcceleratorHour: 2))

    static func trace(_ requests: [(arrival: Double, prompt: UInt32, output: UInt32)]) -> Trace {
        var builder = TraceBuilder()
        for request in requests {
            builder.append(
                .init(
                    row: RequestRow(
                        arrival: request.arrival, promptTokens: request.prompt, outputTokens: request.output)))
        }
        return builder.finish(name: "small")
    }

    /// Poisson arrivals with random lengths.
    static func randomTrace(seed: UInt64, rate: Double = 8, seconds: Double = 120) -> Trace {
        var generator = SeededGenerator(seed: seed)
        var requests: [(arrival: Double, prompt: UInt32, output: UInt32)] = []
        var time = 0.0
        while true {
            time += generator.exponential(mean: 1 / rate)
            guard time < seconds else { return trace(requests) }
            requests.append(
                (time, UInt32.random(in: 1...200, using: &generator), UInt32.random(in: 1...80, using: &generator)))
        }
    }

    static func run(
        _ trace: Trace, steps: [(time: Double, desired: Int)] = [], engineTimes: EngineTimes = .profiled,
        guards: ControlGuards = [], _ change: (inout SimulationOptions) -> Void = { _ in }
    ) -> SimulationResult {
        var options = SimulationOptions()
        options.startUp = StartUpModel(median: .seconds(10), spread: 1)
        options.recordsDecisions = true
        change(&options)
        let policy = ScheduledSteps(steps: steps, engineTimes: engineTimes)
        return Simulator(trace: trace, profile: profile, policy: policy, guards: guards, options: options).run()
    }
}
