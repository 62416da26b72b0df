package import Policies

/// A file with settings of the policy `tideway`: the section `policy` of a `tideway.yaml`, alone or among the rest.
package enum PolicySettingsFile {
    /// What came of reading one.
    package struct Reading: Sendable {
        /// Defaults where the file says nothing; nil when there is an error.
        package var settings: TidewaySettings?
        /// In the order of the file.
        package var problems: [ConfigurationProblem]
    }

    /// Reads a file.
    ///
    /// - Parameter file: its path, as it stands in messages.
    /// - Returns: the settings, and every problem with file, line, key and remedy.
    package static func read(file: String) -> Reading {
        do throws(ConfigurationProblem) {
            return read(try ConfigurationReader.bytes(of: file, made: "tideway tune --output FILE"), file: file)
        } catch {
            return Reading(settings: nil, problems: [error])
        }
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: what stands in the file.
    ///   - file: its path, for messages.
    /// - Returns: the settings, and every problem.
    package static func read(_ bytes: [UInt8], file: String) -> Reading {
        let document = YAMLDocument(bytes: bytes, file: file)
        guard let root = document.root else { return Reading(settings: nil, problems: document.problems) }
        var walk = CatalogueWalk(file: file, isWhole: false)
        walk.walk(root)
        var problems = document.problems + walk.problems
        if !walk.values.contains(PolicyFields.section) {
            problems.append(
                ConfigurationProblem(
                    severity: .error, code: .missingKey, file: file, position: .start, key: PolicyFields.section,
                    message: "is missing",
                    remedy: "add '\(PolicyFields.section):' with settings below it, or write a file with: "
                        + "tideway tune --output FILE"))
        }
        let isUsable = !problems.contains { $0.severity == .error }
        var configuration = TidewayConfiguration()
        walk.values.apply(PolicyFields.all, to: &configuration, under: "")
        return Reading(settings: isUsable ? configuration.policy : nil, problems: problems)
    }

    /// A file as `read` takes it.
    ///
    /// - Parameters:
    ///   - settings: what it says.
    ///   - parameters: of which it says something.
    ///   - comments: lines above them.
    /// - Returns: the text, with a line feed at the end.
    package static func text(
        _ settings: TidewaySettings, of parameters: [TidewayParameter], comments: [String]
    ) -> String {
        let names = Set(parameters.map { "\(PolicyFields.section).\($0.name)" })
        var configuration = TidewayConfiguration()
        configuration.policy = settings
        let lines = PolicyFields.all.filter { names.contains($0.key) }.compactMap { field in
            field.read(configuration).map { "  \(field.key.dropFirst(PolicyFields.section.count + 1)): \($0)" }
        }
        return (comments.map { "# \($0)" } + ["\(PolicyFields.section):"] + lines).joined(separator: "\n") + "\n"
    }
}
