internal import Foundation
internal import Sampling
internal import Traces

/// The demonstration's requests: a Poisson process whose rate follows the wave, with lengths of a real trace where there is
/// one.
struct DemoTraffic {
    /// Where request lengths come from.
    enum Sizes: Sendable {
        /// Whole rows of this trace, which is not empty.
        case rows(Trace)
        /// Invented, about as long as those of a coding assistant.
        case generated
    }

    let plan: DemoPlan
    let sizes: Sizes

    private static let generatedPrompt = (median: 1500.0, sigma: 0.9, max: 7000.0)
    private static let generatedOutput = (median: 18.0, sigma: 0.8, max: 400.0)

    /// Says where lengths come from, for people.
    var origin: String {
        switch sizes {
        case .rows(let trace): "request sizes from the trace \(trace.name)"
        case .generated: "request sizes are generated (give --trace FILE for those of a real trace)"
        }
    }

    /// The requests of each workload, named after it. The same plan gives the same requests.
    func traces() -> [Trace] {
        plan.workloads.enumerated().map { index, workload in
            var generator = SeededGenerator(seed: plan.seed, stream: 20 + UInt64(index))
            return trace(workload, using: &generator)
        }
    }

    /// Thinning (Lewis and Shedler 1979): arrivals at the peak rate, each kept with the share that its moment has of it.
    private func trace(_ workload: DemoPlan.Workload, using generator: inout SeededGenerator) -> Trace {
        var builder = TraceBuilder()
        var time = -plan.leadInSeconds
        while true {
            time += generator.exponential(mean: 1 / workload.peakRate)
            guard time < plan.seconds else { break }
            if generator.uniform() * workload.peakRate < rate(workload, at: time) {
                builder.append(request(arrival: time, using: &generator))
            }
        }
        return builder.finish(name: workload.id)
    }

    /// Requests per second.
    func rate(_ workload: DemoPlan.Workload, at time: Double) -> Double {
        let turns = max(time, 0) / plan.periodSeconds + workload.phase
        let height = (1 + cos(2 * Double.pi * turns)) / 2
        return workload.troughRate + (workload.peakRate - workload.troughRate) * height * height
    }

    private func request(arrival: Double, using generator: inout SeededGenerator) -> TraceBuilder.Request {
        switch sizes {
        case .rows(let trace):
            let row = trace[Int(generator.uniform() * Double(trace.count))]
            return TraceBuilder.Request(
                row: RequestRow(arrival: arrival, promptTokens: row.promptTokens, outputTokens: row.outputTokens))
        case .generated:
            let row = RequestRow(
                arrival: arrival, promptTokens: Self.tokens(Self.generatedPrompt, using: &generator),
                outputTokens: Self.tokens(Self.generatedOutput, using: &generator))
            return TraceBuilder.Request(row: row)
        }
    }

    private static func tokens(
        _ shape: (median: Double, sigma: Double, max: Double), using generator: inout SeededGenerator
    ) -> UInt32 {
        UInt32(min(generator.lognormal(median: shape.median, sigma: shape.sigma).rounded(), shape.max))
    }
}
