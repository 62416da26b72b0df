package import Policies
internal import Simulation

/// Traces on which settings are measured, as `backtest` would.
package struct TuningStudy: Sendable {
    private let studies: [TraceStudy]
    private let policy: String

    /// - Parameters:
    ///   - studies: with their bounds; at least one.
    ///   - policy: `tideway`, with `PolicyVariant.inTimeSuffix` or without.
    package init(_ studies: [TraceStudy], policy: String) {
        precondition(!studies.isEmpty, "settings are measured on a trace")
        self.studies = studies
        self.policy = policy
    }

    /// Runs one seed on every trace.
    ///
    /// - Parameters:
    ///   - settings: of the policy.
    ///   - seed: of the start-up times.
    /// - Returns: the accelerator-hours of all traces, and the attainment of the one that is served worst.
    /// - Throws: when the catalogue has no such policy.
    package func measure(_ settings: TidewaySettings, seed: UInt64) throws -> TuningMeasurement {
        var total = TuningMeasurement(acceleratorHours: 0, attainment: 1)
        for var study in studies {
            study.settings = settings
            let outcome = try study.run(policy, seed: seed).outcome
            total.acceleratorHours += outcome.acceleratorHours
            total.attainment = min(total.attainment, outcome.attainment)
        }
        return total
    }
}
