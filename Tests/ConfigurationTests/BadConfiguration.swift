import Configuration
import Testing

/// A file with a mistake, and what is to be said about it.
struct BadConfiguration: Sendable, CustomTestStringConvertible {
    var code: ConfigurationProblem.Code
    var line: Int
    var key: String
    /// Words that the message or the remedy has to contain.
    var words: [String]
    var text: String

    var testDescription: String { "\(code.rawValue) \(key)" }

    init(_ code: ConfigurationProblem.Code, line: Int, key: String = "", _ words: String..., text: String) {
        self.code = code
        self.line = line
        self.key = key
        self.words = words
        self.text = text
    }

    /// The minimal file, with `old` replaced.
    init(
        _ code: ConfigurationProblem.Code, line: Int, key: String = "", _ words: String..., replace old: String,
        by new: String
    ) {
        self.init(code, line: line, key: key, text: Reading.minimal(old, new))
        self.words = words
    }

    /// The minimal file with lines added to its workload, from line 3.
    init(_ code: ConfigurationProblem.Code, line: Int, key: String, _ words: String..., workload lines: String) {
        let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        self.init(
            code, line: line, key: "workloads[0].\(key)",
            text: Reading.minimal("    variants", "\(indented)    variants"))
        self.words = words
    }

    /// The minimal file with lines added behind it, from line 11.
    init(_ code: ConfigurationProblem.Code, line: Int, key: String, _ words: String..., end lines: String) {
        self.init(code, line: line, key: key, text: Reading.minimal + lines + "\n")
        self.words = words
    }
}

extension BadConfiguration {
    static let form: [BadConfiguration] = [
        BadConfiguration(.emptyFile, line: 1, "tideway init", text: ""),
        BadConfiguration(.emptyFile, line: 1, "tideway init", text: "# nothing\n\n"),
        BadConfiguration(.emptyFile, line: 1, "tideway init", text: "~\n"),
        BadConfiguration(.wrongType, line: 1, "workloads", "a single value stands", text: "chat\n"),
        BadConfiguration(.wrongType, line: 1, "a list stands", text: "- id: chat\n"),
        BadConfiguration(.tab, line: 2, "spaces", text: "gateway:\n\tthreads: 2\n"),
        BadConfiguration(.syntax, line: 2, "indentation", text: "gateway: {threads: 2\nworkloads: []\n"),
        BadConfiguration(.syntax, line: 1, "quotes", text: "state_folder: \"abc\n"),
        BadConfiguration(.syntax, line: 1, "alias", text: "state_folder: *folder\n"),
        BadConfiguration(.severalDocuments, line: 2, "keep one", text: "gateway: {}\n---\nworkloads: []\n"),
        BadConfiguration(
            .tooManyAliases, line: 1, "16",
            text: "a: &a [1]\nb: [\(Array(repeating: "*a", count: 17).joined(separator: ", "))]\n"),
        BadConfiguration(
            .duplicateKey, line: 3, key: "workloads[0].id", "first in line 2", replace: "    variants",
            by: "    id: b\n    variants"),
        BadConfiguration(
            .duplicateKey, line: 13, key: "gateway.threads", "remove one", end: "gateway:\n  threads: 1\n  threads: 2"),
        BadConfiguration(.duplicateKey, line: 12, key: "gateway", "first in line 11", end: "gateway: {}\ngateway: {}"),
        BadConfiguration(.unknownKey, line: 11, key: "gatway", "did you mean gateway?", end: "gatway: {}"),
        BadConfiguration(
            .unknownKey, line: 12, key: "gateway.thread", "did you mean threads?", end: "gateway:\n  thread: 2"),
        BadConfiguration(.unknownKey, line: 11, key: "zzz", "remove it", "node_pools", end: "zzz: 1"),
        BadConfiguration(.unknownKey, line: 3, key: "profile", "workloads[].variants[]", workload: "profile: 8b-a100"),
        BadConfiguration(
            .unknownKey, line: 3, key: "idle-time-to-zero", "idle_time_to_zero", workload: "idle-time-to-zero: 5m"),
        BadConfiguration(.unknownKey, line: 4, key: "slo.TTFT", "did you mean ttft?", workload: "slo:\n  TTFT: 1s"),
        BadConfiguration(.unknownKey, line: 3, key: "<<", "merge keys", workload: "<<: {priority: 1}"),
    ]

    static let values: [BadConfiguration] = [
        BadConfiguration(.missingKey, line: 1, key: "workloads", "- id:", text: "gateway: {}\n"),
        BadConfiguration(.missingKey, line: 2, key: "workloads[0].id", "letters", replace: "- id: chat\n   ", by: "-"),
        BadConfiguration(
            .missingKey, line: 4, key: "workloads[0].variants[0].profile", "add 'profile:'",
            replace: "profile: 8b-a100\n                engine", by: "engine"
        ).moved(to: "- profile: 8b-a100\n        engine", "- engine"),
        BadConfiguration(
            .missingValue, line: 2, key: "workloads[0].id", "has no value", replace: "id: chat", by: "id:"),
        BadConfiguration(.missingValue, line: 3, key: "path_prefix", "or remove the key", workload: "path_prefix:"),
        BadConfiguration(.wrongType, line: 1, key: "workloads", "'- '", text: "workloads: {id: chat}\n"),
        BadConfiguration(.outOfRange, line: 1, key: "workloads", "0 entries", text: "workloads: []\n"),
        BadConfiguration(.wrongType, line: 3, key: "slo", "ttft", workload: "slo: 1s"),
        BadConfiguration(.wrongType, line: 3, key: "priority", "whole number", workload: "priority: high"),
        BadConfiguration(.wrongType, line: 3, key: "priority", "a list stands", workload: "priority: [1]"),
        BadConfiguration(.wrongType, line: 3, key: "priority", "1.5", workload: "priority: 1.5"),
        BadConfiguration(.outOfRange, line: 3, key: "priority", "-1000…1000", workload: "priority: 5000"),
        BadConfiguration(
            .outOfRange, line: 3, key: "priority", "-1000…1000", workload: "priority: 99999999999999999999"),
        BadConfiguration(.wrongType, line: 3, key: "act", "true or false", workload: "act: yes"),
        BadConfiguration(.wrongType, line: 4, key: "slo.ttft", "no unit", "500ms", workload: "slo:\n  ttft: 500"),
        BadConfiguration(.wrongType, line: 4, key: "slo.ttft", "'fast'", workload: "slo:\n  ttft: fast"),
        BadConfiguration(.outOfRange, line: 4, key: "slo.itl", "1ms", workload: "slo:\n  itl: 0s"),
        BadConfiguration(.wrongType, line: 4, key: "slo.itl", "not a duration", workload: "slo:\n  itl: -5ms"),
        BadConfiguration(.outOfRange, line: 4, key: "slo.attainment", "0.5…1", workload: "slo:\n  attainment: 99"),
        BadConfiguration(
            .wrongType, line: 4, key: "slo.attainment", "not a number", workload: "slo:\n  attainment: 99 %"),
        BadConfiguration(
            .wrongType, line: 4, key: "slo.attainment", "not a number", workload: "slo:\n  attainment: .nan"),
        BadConfiguration(.wrongType, line: 3, key: "queue.bytes", "64MiB", workload: "queue: {bytes: 64}"),
        BadConfiguration(.wrongType, line: 3, key: "queue.bytes", "not a size", workload: "queue: {bytes: 64MibB}"),
        BadConfiguration(
            .unknownChoice, line: 3, key: "routing.choice", "did you mean round-robin?",
            workload: "routing: {choice: roundrobin}"),
        BadConfiguration(.malformed, line: 2, key: "workloads[0].id", "letters", replace: "id: chat", by: "id: a/b"),
        BadConfiguration(.malformed, line: 3, key: "path_prefix", "begins with '/'", workload: "path_prefix: chat"),
        BadConfiguration(
            .malformed, line: 3, key: "routing.affinity_header", "X-Session-ID",
            workload: "routing: {affinity_header: 'a b'}"),
        BadConfiguration(.missingValue, line: 3, key: "models[1]", "text", workload: "models: [a, ]").moved(
            to: "[a, ]", "[a, ~]"),
        BadConfiguration(.outOfRange, line: 3, key: "models", "0 entries", workload: "models: []"),
        BadConfiguration(.wrongType, line: 3, key: "models", "list", workload: "models: gpt"),
        BadConfiguration(
            .malformed, line: 12, key: "gateway.listen", "127.0.0.1:8080", end: "gateway:\n  listen: 8080"),
        BadConfiguration(
            .malformed, line: 12, key: "gateway.listen", "HOST:PORT", end: "gateway:\n  listen: localhost:99999"),
        BadConfiguration(.malformed, line: 12, key: "gateway.listen", "[::1]:8080", end: "gateway:\n  listen: ::1:80"),
        BadConfiguration(
            .unknownChoice, line: 12, key: "controller.mode", "observe, advise, act",
            end: "controller:\n  mode: dry-run"),
        BadConfiguration(
            .unknownPolicy, line: 12, key: "controller.policy", "tideway, hpa", end: "controller:\n  policy: magic"),
        BadConfiguration(
            .malformed, line: 12, key: "gateway.api_keys_variable", "letters, digits",
            end: "gateway:\n  api_keys_variable: $KEYS"),
        BadConfiguration(
            .unreadableKeys, line: 12, key: "gateway.api_keys_file", "no such file",
            end: "gateway:\n  api_keys_file: keys-that-are-not-there"),
    ]

    static let relations: [BadConfiguration] = [
        BadConfiguration(
            .unknownProfile, line: 4, key: "workloads[0].variants[0].profile", "did you mean 8b-a100?",
            replace: "8b-a100", by: "8b-a10"),
        BadConfiguration(
            .unknownPool, line: 4, key: "workloads[0].variants[0].pool", "did you mean local?", replace: "- profile",
            by: "- pool: locl\n        profile"),
        BadConfiguration(
            .missingPool, line: 4, key: "workloads[0].variants[0].pool", "write one of local, other",
            end: "  - id: other\n    accelerators_per_node: 1"),
        BadConfiguration(
            .duplicateID, line: 11, key: "node_pools[1].id", "line 9",
            end: "  - id: local\n    accelerators_per_node: 1"),
        BadConfiguration(
            .duplicateID, line: 8, key: "workloads[1].id", "line 2",
            text: "workloads:\n\(workload("a"))\(workload("a"))"),
        BadConfiguration(
            .duplicateModel, line: 9, key: "workloads[1].models", "line 2",
            text: "workloads:\n\(workload("a"))\(workload("b", "models: [a]"))"),
        BadConfiguration(
            .duplicateModel, line: 10, key: "workloads[1].models", "workloads[0].models",
            text: "workloads:\n\(workload("a", "models: [m]"))\(workload("b", "models: [m]"))"),
        BadConfiguration(
            .duplicatePathPrefix, line: 10, key: "workloads[1].path_prefix", "line 3",
            text: "workloads:\n\(workload("a", "path_prefix: /m"))\(workload("b", "path_prefix: /m"))"),
        BadConfiguration(
            .reversedBounds, line: 3, key: "replicas.min", "replicas.max is 2", workload: "replicas: {min: 3, max: 2}"),
        BadConfiguration(
            .doesNotFit, line: 4, key: "workloads[0].variants[0].accelerators_per_replica", "nodes of local have 4",
            replace: "- profile", by: "- accelerators_per_replica: 8\n        profile"),
        BadConfiguration(
            .doesNotFit, line: 3, key: "replicas.min", "room for 4", workload: "replicas: {min: 5, max: 5}"),
        BadConfiguration(
            .conflictingObjective, line: 3, key: "slo.latency", "beside ttft", workload: "slo: {ttft: 1s, latency: 1s}"),
        BadConfiguration(
            .conflictingEngine, line: 8, key: "workloads[0].variants[0].engine.static", "keep one",
            replace: "node_pools", by: "          static: {urls: [\"http://127.0.0.1:1\"]}\nnode_pools"),
        BadConfiguration(
            .missingKey, line: 5, key: "workloads[0].variants[0].engine", "processes: or static:",
            text: "workloads:\n  - id: chat\n    variants:\n      - profile: 8b-a100\n        engine: {}\n"),
        BadConfiguration(
            .missingKey, line: 6, key: "workloads[0].variants[0].engine.processes.command", "program",
            text:
                "workloads:\n  - id: chat\n    variants:\n      - profile: 8b-a100\n        engine:\n          processes:\n"
        ),
        BadConfiguration(
            .malformed, line: 7, key: "workloads[0].variants[0].engine.processes.command", "quote",
            replace: "[server, --port, \"{port}\"]", by: "server 'x"),
        BadConfiguration(
            .severalVariants, line: 8, key: "workloads[0].variants[1]", "exactly one", replace: "node_pools",
            by: "      - profile: 8b-a100\n        engine: {static: {urls: [\"http://a:1\"]}}\nnode_pools"),
        BadConfiguration(
            .malformed, line: 6, key: "workloads[0].variants[0].engine.static.urls[0]", "http://",
            text: "workloads:\n\(workload("a"))".replacing("http://127.0.0.1:1", with: "https://host:1/v1")),
        BadConfiguration(
            .malformed, line: 8, key: "workloads[0].variants[0].engine.processes.environment.A B", "digits",
            replace: "node_pools", by: "            environment: {A B: c}\nnode_pools"),
    ]

    /// A workload on a server that runs already, of six lines and one more for each of `lines`.
    private static func workload(_ id: String, _ lines: String...) -> String {
        "  - id: \(id)\n" + lines.map { "    \($0)\n" }.joined()
            + "    variants:\n      - profile: 8b-a100\n        engine:\n          static: {urls: [\"http://127.0.0.1:1\"]}\n"
            + "    act: true\n"
    }

    /// The same mistake in another text.
    private func moved(to old: String, _ new: String) -> BadConfiguration {
        var copy = self
        copy.text = text.replacing(old, with: new)
        return copy
    }

    static let warnings: [BadConfiguration] = [
        BadConfiguration(
            .assumedPool, line: 1, "4 accelerators", "node_pools",
            text:
                "workloads:\n  - id: chat\n    replicas: {max: 4}\n    variants:\n      - profile: 8b-a100\n        engine: {processes: {command: \"s {port}\"}}\n"
        ),
        BadConfiguration(.doesNotFit, line: 3, key: "replicas.max", "room for 4", workload: "replicas: {max: 5}"),
        BadConfiguration(
            .unusedKey, line: 3, key: "idle_time_to_zero", "replicas.min: 0",
            workload: "idle_time_to_zero: 1m\nreplicas: {min: 1}"),
        BadConfiguration(
            .unusedPort, line: 7, key: "workloads[0].variants[0].engine.processes.command", "{port}", replace: "{port}",
            by: "80"),
        BadConfiguration(
            .unknownPlaceholder, line: 7, key: "workloads[0].variants[0].engine.processes.command", "{folder}",
            replace: "{port}", by: "{port}{prt}"),
        BadConfiguration(
            .unusedKey, line: 3, key: "workloads[0].replicas", "run already",
            text: "workloads:\n\(workload("a", "replicas: {max: 3}"))"),
    ]
}
