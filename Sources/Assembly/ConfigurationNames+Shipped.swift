package import Configuration
internal import Fleet
internal import Performance
internal import Policies
internal import Profiles

extension ConfigurationNames {
    /// The profiles and policies of this program, and profile files.
    package static let shipped = ConfigurationNames(
        profileProblem: { profile in
            do throws(ProfileError) {
                _ = try ProfileCatalogue.load(profile)
                return nil
            } catch {
                return error.problems.map(\.description).joined(separator: "; ")
            }
        },
        policyProblem: { policy in
            guard PolicyCatalog.entry(policy) == nil else { return nil }
            let nearest = NearestName.of(policy, among: PolicyCatalog.names).map { "did you mean \($0)? " } ?? ""
            return "\(nearest)The policies are \(PolicyCatalog.names.joined(separator: ", "))"
        },
        fixedShape: { name in
            guard let profile = try? ProfileCatalogue.load(name), profile.isService else { return nil }
            return .service(outputTokens: PerformanceProfile.serviceOutputTokens)
        },
        objectiveProblem: { workload, variant in
            guard let profile = try? ProfileCatalogue.load(variant.profile) else { return nil }
            return profile.problem(with: workload.objective.limits, workload.expectedShape)
        })
}

extension PerformanceProfile {
    /// Why no request of these lengths can be within the limits, even alone; nil when it can.
    fileprivate func problem(with limits: ServiceLevelObjective.Limits, _ expected: ExpectedShape) -> String? {
        let shape = RequestShape(expected)
        let prefill = prefillWork(uncachedTokens: shape.uncachedTokens)
        let step = iterationSeconds(sequences: 1, contextTokens: shape.contextTokens)
        let lengths =
            expected.isFixed
            ? "a request" : "a request of \(expected.promptTokens) prompt and \(expected.outputTokens) output tokens"
        func text(_ seconds: Double) -> String { "\(max((seconds * 1000).rounded(), 1) / 1000) s" }
        switch limits {
        case .latency(let limit):
            let alone = prefill + shape.decodedTokens * step
            guard alone > limit.seconds else { return nil }
            return "cannot be kept: \(lengths) takes \(text(alone)) even alone"
        case .tokens(let ttft, let itl):
            let factor = expected.promptTokens > ServiceLevelObjective.longPromptTokens ? 2.0 : 1.0
            if prefill > ttft.seconds * factor {
                return "cannot be kept: the first token of \(lengths) takes \(text(prefill)) even alone"
            }
            guard step > itl.seconds, shape.decodedTokens > 0 else { return nil }
            return "cannot be kept: each token of \(lengths) takes \(text(step)) even alone"
        }
    }
}
