package import Configuration
internal import Fleet
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
            guard PolicyCatalog.entry(policy) != nil else {
                let nearest = NearestName.of(policy, among: PolicyCatalog.names).map { "did you mean \($0)? " } ?? ""
                return "\(nearest)The policies are \(PolicyCatalog.names.joined(separator: ", "))"
            }
            guard policy != "static" else {
                return "for a constant fleet, write replicas.min and replicas.max of the workload as the same number"
            }
            return nil
        })
}
