internal import Backtest
package import Configuration
package import Fleet
internal import Foundation
package import Performance
internal import Routing
internal import Simulation
internal import Traces

extension ExpectedShape {
    /// Standard deviation of the logarithm of lengths: real ones spread so or more.
    private static let spread = 0.8
    /// Length of the trace whose requests stand for a workload, at one a second.
    private static let traceSeconds = 2_000.0

    /// Where a replica that serves such requests should run, measured by simulation: seconds of one core.
    ///
    /// - Parameters:
    ///   - profile: of the replica.
    ///   - objective: what users are promised.
    ///   - order: who is served first at the gateway, which paces prefill as it does there.
    /// - Returns: the point; its rate is zero when no rate reaches the objective.
    package func operatingPoint(
        profile: PerformanceProfile, objective: ServiceLevelObjective, order: RoutingSettings.Order
    ) -> OperatingPoint {
        var options = SimulationOptions()
        options.slo = objective
        if order == .slo { (options.order, options.pacing) = (.slo, DispatchPacing.defaultShare) }
        return WorkloadAnalysis.operatingPoint(trace, profile: profile, plant: options)
    }

    /// Requests whose mean lengths are the expected ones.
    private var trace: Trace {
        var generator = TraceGenerator()
        generator.seconds = Self.traceSeconds
        (generator.requestsPerSecond, generator.dailyAmplitude, generator.burstsPerDay) = (1, 0, 0)
        // The mean of a lognormal is its median times exp(sigma^2 / 2).
        let spread = isFixed ? 0 : Self.spread
        let lift = exp(spread * spread / 2)
        func lengths(_ mean: Int) -> LognormalTokens {
            LognormalTokens(
                median: max(Double(mean) / lift, 1), sigma: spread, max: UInt32(clamping: max(mean, 1) * 16))
        }
        (generator.promptTokens, generator.outputTokens) = (lengths(promptTokens), lengths(outputTokens))
        return generator.trace(name: "expected", seed: 1)
    }
}
