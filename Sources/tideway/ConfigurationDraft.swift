internal import Configuration
internal import Foundation

/// What `tideway init` was told, and the file that it makes.
struct ConfigurationDraft {
    var model: String
    /// Starts a replica; nil when servers run already.
    var command: String?
    var urls: [String]
    var accelerators: Int
    var profile: String
    var ttft: DurationOption
    var itl: DurationOption

    var text: String {
        """
        # What Tideway serves. docs/configuration.md explains every key; `tideway check` finds mistakes.

        gateway:
          listen: 127.0.0.1:8080  # 0.0.0.0:8080 accepts requests from other machines
          # Lines KEY TENANT; without keys everybody may ask.
          # api_keys_file: keys.txt

        workloads:
          - id: \(id)
            # What requests write as "model".
            models: [\(Self.quoted(model))]
            slo:
              # Time to first token at most.
              ttft: \(TimeLength.text(ttft.duration))
              # Mean time between tokens at most.
              itl: \(TimeLength.text(itl.duration))
              attainment: 0.99  # share of requests within both
        \(replicas)    variants:
              # How fast a replica is: tideway profile list, tideway profile fit.
              - profile: \(Self.quoted(profile))
        \(engine)\(pools)
        controller:
          mode: act  # observe: decide and record, start and stop nothing

        """
    }

    /// The model's name with what an id cannot hold replaced.
    private var id: String {
        let letters = model.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        let trimmed = String(letters.drop { !$0.isLetter && !$0.isNumber }.prefix(63))
        return trimmed.isEmpty ? "model" : Self.quoted(trimmed)
    }

    private var replicas: String {
        guard command != nil else { return "" }
        return """
                replicas:
                  min: 0  # 0: stopped when nobody asks
                  max: \(accelerators)
                idle_time_to_zero: 10m

            """
    }

    private var engine: String {
        guard let command else {
            return """
                        engine:
                          static:  # servers that run already; Tideway routes to them
                            urls: [\(urls.map(Self.quoted).joined(separator: ", "))]

                """
        }
        let words = CommandWords.split(command).map { "[\($0.map(Self.quoted).joined(separator: ", "))]" }
        return """
                    pool: local
                    accelerators_per_replica: 1
                    engine:
                      processes:
                        command: \(words ?? Self.quoted(command))
                        readiness_path: /health  # answers 200 when a replica is ready
                        expected_start_up: 60s  # until starts were measured

            """
    }

    private var pools: String {
        guard command != nil else { return "" }
        return """

            node_pools:
              - id: local
                nodes: 1
                accelerators_per_node: \(accelerators)
                # price_per_accelerator_hour: 2.5

            """
    }

    /// A text in double quotes, as YAML reads it.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += String(format: "\\x%02X", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
