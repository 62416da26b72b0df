internal import Fleet
internal import Foundation

/// Makes settings of values: defaults filled in, paths made absolute.
struct ConfigurationBuilder {
    let values: ConfigurationValues
    /// The folder of the configuration file, absolute.
    let folder: String
    let names: ConfigurationNames

    func configuration() -> TidewayConfiguration {
        var configuration = TidewayConfiguration()
        values.apply(GeneralFields.all, to: &configuration, under: "")
        configuration.stateFolder = absolute(configuration.stateFolder)
        configuration.gateway.apiKeysFile = configuration.gateway.apiKeysFile.map(absolute)
        configuration.gateway.accessLog = configuration.gateway.accessLog.map { $0 == "-" ? $0 : absolute($0) }
        configuration.nodePools = (0..<values.count(of: "node_pools")).map { pool("node_pools[\($0)].") }
        configuration.workloads = (0..<values.count(of: "workloads")).map { workload("workloads[\($0)].") }
        assumePools(&configuration)
        return configuration
    }

    private func absolute(_ path: String) -> String {
        URL(filePath: path, relativeTo: URL(filePath: folder, directoryHint: .isDirectory)).standardizedFileURL.path
    }

    private func pool(_ prefix: String) -> NodePoolSettings {
        var pool = NodePoolSettings(id: NodePoolID(""), acceleratorsPerNode: 1)
        values.apply(NodePoolFields.all, to: &pool, under: prefix)
        return pool
    }

    private func workload(_ prefix: String) -> WorkloadSettings {
        var workload = WorkloadSettings(id: WorkloadID(""))
        values.apply(WorkloadFields.all, to: &workload, under: prefix)
        workload.variants = (0..<values.count(of: "\(prefix)variants")).map {
            variant("\(prefix)variants[\($0)].", of: workload.id)
        }
        if let profile = workload.variants.first?.profile, let shape = names.fixedShape(profile) {
            workload.expectedShape = shape
        }
        if case .fixed(let urls) = workload.variants.first?.engine {
            workload.bounds = ReplicaBounds(min: urls.count, max: urls.count)
        }
        return workload
    }

    private func variant(_ prefix: String, of workload: WorkloadID) -> VariantSettings {
        var variant = VariantSettings.unset
        variant.id = VariantID(workload.description)
        values.apply(VariantFields.all, to: &variant, under: prefix)
        if Self.isFile(variant.profile) { variant.profile = absolute(variant.profile) }
        if values.contains("\(prefix)engine.processes") {
            variant.engine = .processes(processes("\(prefix)engine.processes."))
        } else {
            var urls: [String] = []
            values.apply(VariantFields.fixed, to: &urls, under: "\(prefix)engine.static.")
            variant.engine = .fixed(urls: urls)
        }
        return variant
    }

    /// Whether the name of a profile is the path of a file.
    private static func isFile(_ profile: String) -> Bool { profile.contains("/") || profile.hasSuffix(".json") }

    private func processes(_ prefix: String) -> ProcessSettings {
        var settings = ProcessSettings(command: [])
        values.apply(ProcessFields.all, to: &settings, under: prefix)
        settings.workingFolder = settings.workingFolder.map(absolute)
        if let program = settings.command.first, program.contains("/"), !program.hasPrefix("{") {
            settings.command[0] = absolute(program)
        }
        return settings
    }

    /// What the pool is called that stands in when the file has none.
    static let assumedPool = NodePoolID("local")

    /// A variant without a pool takes the only one. Where there is none, one node has room for everything.
    private func assumePools(_ configuration: inout TidewayConfiguration) {
        if configuration.nodePools.isEmpty, !values.contains("node_pools") {
            let accelerators = configuration.workloads.reduce(0) { $0 + $1.acceleratorsMax }
            guard accelerators > 0 else { return }
            configuration.nodePools = [NodePoolSettings(id: Self.assumedPool, acceleratorsPerNode: accelerators)]
        }
        guard configuration.nodePools.count == 1, let only = configuration.nodePools.first?.id else { return }
        for index in configuration.workloads.indices {
            for place in configuration.workloads[index].variants.indices {
                configuration.workloads[index].variants[place].assume(only)
            }
        }
    }
}

extension VariantSettings {
    /// Whether Tideway starts its replicas.
    var isStarted: Bool {
        if case .processes = engine { true } else { false }
    }

    fileprivate mutating func assume(_ only: NodePoolID) {
        if pool == nil, isStarted { pool = only }
    }
}

extension WorkloadSettings {
    /// Accelerators that its replicas occupy when there are as many as may be.
    fileprivate var acceleratorsMax: Int {
        guard let variant = variants.first, variant.isStarted else { return 0 }
        return bounds.max * variant.acceleratorsPerReplica
    }
}
