internal import Configuration
internal import Fleet
internal import Gateway
internal import Performance
internal import Profiles
internal import Routing

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
            admissions[settings.id] = WorkloadAdmission(profile)
        }
    }
}

extension WorkloadAdmission {
    fileprivate init(_ profile: PerformanceProfile) {
        self.init(
            limits: AdmissionLimits(
                maxBatch: profile.maxBatch, kvTokens: profile.kvTokens, backlogSeconds: profile.backlogSeconds),
            prefillSeconds: { profile.prefillWork(uncachedTokens: Double($0)) })
    }
}
