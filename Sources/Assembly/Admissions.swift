internal import Configuration
internal import Fleet
internal import Gateway
internal import Performance
internal import Profiles
internal import Routing
internal import Simulation

/// What replicas admit at once, by the profiles of the configuration's workloads.
enum Admissions {
    /// - Parameter configuration: checked.
    /// - Returns: by workload; one whose profile cannot be read is left out.
    static func of(_ configuration: TidewayConfiguration) -> [WorkloadID: WorkloadAdmission] {
        configuration.workloads.reduce(into: [:]) { admissions, settings in
            guard let variant = settings.variants.first, let profile = try? ProfileCatalogue.load(variant.profile)
            else {
                return
            }
            admissions[settings.id] = WorkloadAdmission(profile, objective: settings.objective)
        }
    }
}

extension WorkloadAdmission {
    fileprivate init(_ profile: PerformanceProfile, objective: ServiceLevelObjective) {
        self.init(
            limits: AdmissionLimits(profile), prefillSeconds: { profile.prefillWork(uncachedTokens: Double($0)) })
        let pacing = DispatchPacing(profile: profile, limits: objective.limits)
        self.pacing = Pacing(
            limits: AdmissionLimits(profile, pacing: pacing),
            firstTokenLimit: { pacing.firstTokenLimit(promptTokens: Double($0), uncachedTokens: Double($0)) })
    }
}
