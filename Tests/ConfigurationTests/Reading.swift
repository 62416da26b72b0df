import Configuration
import Foundation

/// Reads texts as files, with two profiles and two policies known.
enum Reading {
    static let reader = ConfigurationReader(
        names: ConfigurationNames(
            profileProblem: { name in
                ["8b-a100", "70b-h100"].contains(name) || name.hasSuffix("/own.json") ? nil : "did you mean 8b-a100?"
            },
            policyProblem: { ["tideway", "hpa"].contains($0) ? nil : "write one of tideway, hpa" }))

    static func read(_ text: String, file: String = "/etc/tideway/tideway.yaml") -> ConfigurationReading {
        reader.read(Array(text.utf8), file: file)
    }

    /// A file without mistakes.
    static let minimal = """
        workloads:
          - id: chat
            variants:
              - profile: 8b-a100
                engine:
                  processes:
                    command: [server, --port, "{port}"]
        node_pools:
          - id: local
            accelerators_per_node: 4

        """

    /// The minimal file with a line replaced, or several.
    static func minimal(_ old: String, _ new: String) -> String { minimal.replacing(old, with: new) }
}
