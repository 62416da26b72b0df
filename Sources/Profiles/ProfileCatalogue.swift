internal import Fleet
internal import Foundation
package import Performance

/// The profiles that come with the program, and the one way to load any profile.
package enum ProfileCatalogue {
    /// The shipped profiles in the order of their file: those of the reference plant first.
    package static let shipped: [PerformanceProfile] = {
        do {
            return try parse(PackageResources.profiles_json)
        } catch {
            preconditionFailure("the shipped profiles are wrong: \(error)")
        }
    }()

    /// The profile taken when nobody names one: the 8B model on one A100 of the reference plant.
    package static let defaultName = "8b-a100"

    /// Loads a shipped profile by its name, else a file by its path.
    ///
    /// - Parameter nameOrPath: a name such as `8b-a100`, or the path of a profile file. A name wins; write `./name` for a
    ///   file that bears one.
    /// - Returns: The profile, checked.
    /// - Throws: `ProfileError` that names the file, each wrong key, what was found there, and what to write.
    package static func load(_ nameOrPath: String) throws(ProfileError) -> PerformanceProfile {
        if let profile = shipped.first(where: { $0.name == nameOrPath }) { return profile }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: nameOrPath, isDirectory: &isDirectory) else {
            throw unknown(nameOrPath)
        }
        let bytes: [UInt8]
        do {
            bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: nameOrPath)))
        } catch {
            let reason = isDirectory.boolValue ? "it is a directory" : "\(error.localizedDescription)"
            throw ProfileError(
                .unreadableFile, source: nameOrPath,
                message: "cannot be read: \(reason); name a readable profile file")
        }
        return try ProfileReader.read(bytes, source: nameOrPath)
    }

    private static func unknown(_ name: String) -> ProfileError {
        let names = shipped.map(\.name)
        let nearest = NearestName.of(name, among: names).map { " Did you mean \($0)?" } ?? ""
        return ProfileError(
            .unknownProfile, source: name,
            message: "no profile has this name and no file has this path.\(nearest)"
                + " The shipped profiles are \(names.joined(separator: ", ")).")
    }

    private static func parse(_ bytes: [UInt8]) throws -> [PerformanceProfile] {
        try JSONDecoder().decode([[String: ProfileValue]].self, from: Data(bytes)).map {
            try ProfileReader.read($0, source: "profiles.json")
        }
    }
}
