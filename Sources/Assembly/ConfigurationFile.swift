package import Configuration

/// `tideway.yaml` with the names of this program's profiles and policies.
package enum ConfigurationFile {
    /// The file that is taken when none is named.
    package static let defaultName = "tideway.yaml"

    /// - Parameter file: its path.
    /// - Returns: the configuration and every problem.
    package static func read(_ file: String) -> ConfigurationReading {
        ConfigurationReader(names: .shipped).read(file: file)
    }

    /// Reads a file that must be usable.
    ///
    /// - Parameter file: its path.
    /// - Returns: the configuration, and warnings.
    /// - Throws: `AssemblyError` with every error, one a line.
    package static func load(
        _ file: String
    ) throws(AssemblyError) -> (configuration: TidewayConfiguration, warnings: [ConfigurationProblem]) {
        let reading = read(file)
        guard let configuration = reading.configuration else {
            throw AssemblyError(.configuration, reading.errors.map(\.description).joined(separator: "\n"))
        }
        return (configuration, reading.warnings)
    }
}
