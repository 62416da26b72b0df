package import Performance
package import Routing

extension AdmissionLimits {
    /// What a replica of a profile admits.
    ///
    /// - Parameters:
    ///   - profile: of the replica.
    ///   - pacing: for the order `slo`; nil for first come, first served.
    package init(_ profile: PerformanceProfile, pacing: DispatchPacing? = nil) {
        self.init(
            maxBatch: profile.maxBatch, kvTokens: profile.kvTokens,
            backlogSeconds: pacing?.backlogSeconds ?? profile.backlogSeconds)
        guard let pacing else { return }
        pace = ReplicaPace(
            base: profile.c0, perRequest: profile.c1, perToken: profile.c2, prefill: profile.mixedIterationPrefill,
            tokenSeconds: pacing.tokenSeconds, debtSeconds: pacing.debtSeconds, perRoot: profile.c6)
    }
}
