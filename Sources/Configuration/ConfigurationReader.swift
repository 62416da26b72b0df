internal import Foundation

/// Reads `tideway.yaml`.
package struct ConfigurationReader: Sendable {
    private let names: ConfigurationNames

    /// - Parameter names: which profiles and policies there are.
    package init(names: ConfigurationNames) { self.names = names }

    /// Reads and checks a file.
    ///
    /// - Parameter file: its path; as it stands in messages.
    /// - Returns: the configuration and every problem. Calling it again reads the file again.
    package func read(file: String) -> ConfigurationReading {
        do throws(ConfigurationProblem) {
            return read(try Self.bytes(of: file, made: "tideway init"), file: file)
        } catch {
            return ConfigurationReading(configuration: nil, problems: [error])
        }
    }

    /// The bytes of a file of YAML.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - command: writes such a file.
    /// - Returns: what stands in it.
    /// - Throws: the problem with it.
    static func bytes(of file: String, made command: String) throws(ConfigurationProblem) -> [UInt8] {
        do {
            return try BoundedFile.read(file, limit: YAMLDocument.byteLimit)
        } catch {
            throw ConfigurationProblem(
                severity: .error, code: .unreadableFile, file: file, position: .start, key: "",
                message: "cannot be read: \(error.reason)",
                remedy: "name a readable file, or write one with: \(command)")
        }
    }

    /// Checks the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: what stands in the file.
    ///   - file: its path, for messages; relative paths in the file start at its folder.
    /// - Returns: the configuration and every problem, in the order of the file.
    package func read(_ bytes: [UInt8], file: String) -> ConfigurationReading {
        let document = YAMLDocument(bytes: bytes, file: file)
        guard let root = document.root else {
            return ConfigurationReading(configuration: nil, problems: document.problems)
        }
        var walk = CatalogueWalk(file: file)
        walk.walk(root)
        let folder = URL(filePath: file).deletingLastPathComponent().standardizedFileURL.path
        let configuration = ConfigurationBuilder(values: walk.values, folder: folder, names: names).configuration()
        var checks = ConfigurationChecks(values: walk.values, configuration: configuration, names: names, file: file)
        checks.run()
        return ConfigurationReading(configuration, document.problems + walk.problems + checks.problems)
    }
}

/// What came of reading a configuration.
package struct ConfigurationReading: Sendable {
    /// nil when there is an error.
    package var configuration: TidewayConfiguration?
    /// Errors and warnings, in the order of the file.
    package var problems: [ConfigurationProblem]

    package var errors: [ConfigurationProblem] { problems.filter { $0.severity == .error } }
    package var warnings: [ConfigurationProblem] { problems.filter { $0.severity == .warning } }

    fileprivate init(configuration: TidewayConfiguration?, problems: [ConfigurationProblem]) {
        self.configuration = configuration
        self.problems = problems
    }

    fileprivate init(_ configuration: TidewayConfiguration, _ problems: [ConfigurationProblem]) {
        let ordered = problems.enumerated().sorted { left, right in
            (left.element.position, left.offset) < (right.element.position, right.offset)
        }
        self.problems = ordered.map(\.element)
        let isUsable = !problems.contains { $0.severity == .error }
        self.configuration = isUsable ? configuration : nil
    }
}
