internal import Configuration
internal import Fleet
internal import Foundation

/// The answer of `tideway check --json`.
struct CheckReport: Encodable {
    struct Problem: Encodable {
        var severity: String
        var code: String
        var line: Int
        var column: Int
        var key: String
        var message: String
        var remedy: String
    }

    struct Workload: Encodable {
        var id: String
        var models: [String]
        var engine: String
        var profile: String
        var pool: String?
        var replicasMin: Int
        var replicasMax: Int
    }

    struct Pool: Encodable {
        var id: String
        var nodes: Int
        var acceleratorsPerNode: Int
    }

    var file: String
    var isUsable: Bool
    var problems: [Problem]
    /// Missing when the file cannot be used.
    var listen: String?
    var workloads: [Workload]?
    var nodePools: [Pool]?

    init(file: String, reading: ConfigurationReading) {
        self.file = file
        isUsable = reading.configuration != nil
        problems = reading.problems.map {
            Problem(
                severity: $0.severity.rawValue, code: $0.code.rawValue, line: $0.position.line,
                column: $0.position.column, key: $0.key, message: $0.message, remedy: $0.remedy)
        }
        guard let configuration = reading.configuration else { return }
        listen = ConfigurationSummary.listen(configuration)
        workloads = configuration.workloads.map(Workload.init)
        nodePools = configuration.nodePools.map {
            Pool(id: $0.id.description, nodes: $0.nodeCount, acceleratorsPerNode: $0.acceleratorsPerNode)
        }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension CheckReport.Workload {
    init(_ workload: WorkloadSettings) {
        let variant = workload.variants.first
        id = workload.id.description
        models = [workload.id.description] + workload.modelNames.filter { $0 != workload.id.description }
        engine = variant?.engine.kind ?? ""
        profile = variant?.profile ?? ""
        pool = variant?.pool?.description
        replicasMin = workload.bounds.min
        replicasMax = workload.bounds.max
    }
}
