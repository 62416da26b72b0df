package import Routing

/// What a replica of a workload admits at once, by the performance profile of its variant.
package struct WorkloadAdmission: Sendable {
    package var limits: AdmissionLimits
    /// Seconds that a replica spends on a prompt of so many tokens.
    package var prefillSeconds: @Sendable (_ promptTokens: Int) -> Double
    /// For the order `slo`; nil where nothing is known, and then the order is first come, first served.
    package var pacing: Pacing?

    /// What the order `slo` goes by.
    package struct Pacing: Sendable {
        /// In place of the others.
        package var limits: AdmissionLimits
        /// Seconds from the arrival of a prompt of so many tokens within which its first token is in time.
        package var firstTokenLimit: @Sendable (_ promptTokens: Int) -> Double

        package init(limits: AdmissionLimits, firstTokenLimit: @escaping @Sendable (_ promptTokens: Int) -> Double) {
            self.limits = limits
            self.firstTokenLimit = firstTokenLimit
        }
    }

    package init(limits: AdmissionLimits, prefillSeconds: @escaping @Sendable (_ promptTokens: Int) -> Double) {
        self.limits = limits
        self.prefillSeconds = prefillSeconds
    }

    /// For a workload without a profile: 256 requests a replica, whatever their size.
    package static let unmeasured = WorkloadAdmission(
        limits: AdmissionLimits(maxBatch: 256, kvTokens: Int(Int32.max), backlogSeconds: 3600),
        prefillSeconds: { _ in 0 })
}
