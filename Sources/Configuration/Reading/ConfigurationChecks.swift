internal import Fleet

/// Finds what is wrong between keys, each of which is right by itself.
struct ConfigurationChecks {
    let values: ConfigurationValues
    let configuration: TidewayConfiguration
    let names: ConfigurationNames
    let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(values: ConfigurationValues, configuration: TidewayConfiguration, names: ConfigurationNames, file: String) {
        self.values = values
        self.configuration = configuration
        self.names = names
        self.file = file
    }

    mutating func run() {
        checkPolicy()
        notePolicySettings()
        checkPoolIDs()
        checkWorkloadNames()
        for (index, workload) in configuration.workloads.enumerated() { check(workload, "workloads[\(index)]") }
        noteAssumedPool()
        checkScarcity()
        checkKeys()
    }

    mutating func add(
        _ code: ConfigurationProblem.Code, _ key: String, _ message: String, _ remedy: String,
        severity: ConfigurationProblem.Severity = .error
    ) {
        problems.append(
            ConfigurationProblem(
                severity: severity, code: code, file: file, position: values.position(of: key), key: key,
                message: message, remedy: remedy))
    }

    private mutating func checkPolicy() {
        guard values.value("controller.policy") != nil,
            let problem = names.policyProblem(configuration.controller.policy)
        else { return }
        add(.unknownPolicy, "controller.policy", "this policy cannot be used", problem)
    }

    private mutating func notePolicySettings() {
        let policy = configuration.controller.policy
        guard policy != "tideway", values.contains(PolicyFields.section) else { return }
        add(
            .unusedKey, PolicyFields.section, "has no effect on the policy \(policy)",
            "remove it, or write controller.policy: tideway", severity: .warning)
    }

    private mutating func checkPoolIDs() {
        var seen: [NodePoolID: Int] = [:]
        for (index, pool) in configuration.nodePools.enumerated() where pool.id != NodePoolID("") {
            if let first = seen[pool.id] {
                let line = values.position(of: "node_pools[\(first)].id").line
                add(
                    .duplicateID, "node_pools[\(index)].id", "line \(line) has a pool \(pool.id) already",
                    "give each pool an id of its own")
            }
            seen[pool.id] = seen[pool.id] ?? index
        }
    }

    /// Ids, model names and path prefixes decide where a request goes: none may stand for two workloads.
    private mutating func checkWorkloadNames() {
        var ids: [String: String] = [:]
        var prefixes: [String: String] = [:]
        for (index, workload) in configuration.workloads.enumerated() {
            let path = "workloads[\(index)]"
            if values.value("\(path).id") != nil {
                require(
                    workload.id.description, at: "\(path).id", among: &ids, .duplicateID,
                    "give each workload an id of its own")
            }
            if let prefix = workload.pathPrefix {
                require(
                    prefix, at: "\(path).path_prefix", among: &prefixes, .duplicatePathPrefix,
                    "give each workload a prefix of its own")
            }
        }
        checkModels(ids: ids)
    }

    private mutating func checkModels(ids: [String: String]) {
        var models: [String: String] = ids
        for (index, workload) in configuration.workloads.enumerated() {
            let key = "workloads[\(index)].models"
            for name in workload.modelNames where name != workload.id.description {
                require(
                    name, at: key, among: &models, .duplicateModel,
                    "name each model once: it decides which workload a request is for")
            }
        }
    }

    private mutating func require(
        _ name: String, at key: String, among taken: inout [String: String], _ code: ConfigurationProblem.Code,
        _ remedy: String
    ) {
        if let first = taken[name] {
            let line = values.position(of: first).line
            add(code, key, "\(quoted(name)) is taken by \(first) in line \(line)", remedy)
        } else {
            taken[name] = key
        }
    }

    private mutating func noteAssumedPool() {
        guard !values.contains("node_pools"), let pool = configuration.nodePools.first else { return }
        add(
            .assumedPool, "",
            "there is no node_pools section: one node with \(pool.acceleratorsPerNode) "
                + "accelerator\(pool.acceleratorsPerNode == 1 ? "" : "s") is assumed, room for replicas.max of every workload",
            "say what there is in node_pools, so that replicas share it as they have to", severity: .warning)
    }

    /// The minimums together may not fit even where each does.
    private mutating func checkScarcity() {
        for (index, pool) in configuration.nodePools.enumerated() where values.contains("node_pools") {
            let users = configuration.workloads.filter { $0.variants.first?.pool == pool.id }
            let needed = users.reduce(0) { $0 + $1.bounds.min * ($1.variants.first?.acceleratorsPerReplica ?? 0) }
            let available = pool.nodeCount * pool.acceleratorsPerNode
            guard needed > available, users.count > 1 else { continue }
            add(
                .doesNotFit, "node_pools[\(index)]",
                "replicas.min of its \(users.count) workloads take \(needed) accelerators, and it has \(available)",
                "lower replicas.min, or add nodes; until then the priority decides", severity: .warning)
        }
    }
}

extension ConfigurationChecks {
    private mutating func check(_ workload: WorkloadSettings, _ path: String) {
        checkBounds(workload, path)
        checkObjective(path)
        noteObjective(workload, path)
        noteLengths(workload, path)
        if workload.variants.count > 1 {
            add(
                .severalVariants, "\(path).variants[1]", "a workload has exactly one variant for now",
                "keep the one to use, or make a workload of the other")
        }
        for (index, variant) in workload.variants.enumerated() {
            check(variant, of: workload, "\(path).variants[\(index)]", workloadPath: path)
        }
    }

    private mutating func checkBounds(_ workload: WorkloadSettings, _ path: String) {
        if workload.bounds.min > workload.bounds.max {
            let key = values.contains("\(path).replicas.min") ? "min" : "max"
            add(
                .reversedBounds, "\(path).replicas.\(key)",
                "replicas.min is \(workload.bounds.min) and replicas.max is \(workload.bounds.max)",
                "write a minimum that is at most the maximum")
        }
        if workload.bounds.min > 0, values.contains("\(path).idle_time_to_zero") {
            add(
                .unusedKey, "\(path).idle_time_to_zero", "has no effect while replicas.min is \(workload.bounds.min)",
                "write replicas.min: 0, or remove this key", severity: .warning)
        }
    }

    private mutating func checkObjective(_ path: String) {
        let isLatency = values.contains("\(path).slo.latency")
        guard isLatency, let other = ["ttft", "itl"].first(where: { values.contains("\(path).slo.\($0)") }) else {
            return
        }
        add(
            .conflictingObjective, "\(path).slo.latency", "stands beside \(other)",
            "keep latency for services that answer as a whole, or ttft and itl for generated text")
    }

    /// A file with such an objective can be used, as a fleet may start with a poor promise; but nobody wants it.
    private mutating func noteObjective(_ workload: WorkloadSettings, _ path: String) {
        guard let variant = workload.variants.first, let problem = names.objectiveProblem(workload, variant) else {
            return
        }
        let key = ["latency", "itl", "ttft"].map { "\(path).slo.\($0)" }.first { values.contains($0) } ?? "\(path).id"
        let lengths = workload.expectedShape.isFixed ? "" : ", write what requests look like in expected,"
        add(
            .unreachableObjective, key, problem, "allow more time\(lengths) or take a faster profile",
            severity: .warning)
    }

    private mutating func noteLengths(_ workload: WorkloadSettings, _ path: String) {
        guard workload.expectedShape.isFixed else { return }
        for key in ["prompt_tokens", "output_tokens"].map({ "\(path).expected.\($0)" }) where values.contains(key) {
            add(
                .unusedKey, key, "has no effect on a service, whose requests take the same time whatever their length",
                "remove it", severity: .warning)
        }
    }

    private mutating func check(
        _ variant: VariantSettings, of workload: WorkloadSettings, _ path: String, workloadPath: String
    ) {
        if values.value("\(path).profile") != nil, let problem = names.profileProblem(variant.profile) {
            add(.unknownProfile, "\(path).profile", "the profile \(quoted(variant.profile)) cannot be used", problem)
        }
        let hasProcesses = values.contains("\(path).engine.processes")
        let hasFixed = values.contains("\(path).engine.static")
        if hasProcesses, hasFixed {
            add(.conflictingEngine, "\(path).engine.static", "stands beside processes", "keep one of the two")
        } else if values.contains("\(path).engine"), !hasProcesses, !hasFixed {
            add(.missingKey, "\(path).engine", "names no engine", "write processes: or static: below it")
        }
        if hasProcesses {
            checkPool(variant, of: workload, path, workloadPath: workloadPath)
            checkCommand(variant, path)
        } else if hasFixed {
            noteUnused(path, workloadPath: workloadPath)
        }
    }

    /// What says how replicas are started means nothing where none is.
    private mutating func noteUnused(_ path: String, workloadPath: String) {
        let keys = [
            "\(path).pool", "\(path).accelerators_per_replica", "\(workloadPath).replicas",
            "\(workloadPath).idle_time_to_zero",
        ]
        for key in keys where values.contains(key) {
            add(
                .unusedKey, key, "has no effect on servers that run already", "remove it, or use the engine processes",
                severity: .warning)
        }
    }

    private mutating func checkPool(
        _ variant: VariantSettings, of workload: WorkloadSettings, _ path: String, workloadPath: String
    ) {
        guard let id = variant.pool else {
            guard Set(configuration.nodePools.map(\.id)).count > 1 else { return }
            let known = configuration.nodePools.map(\.id.description).joined(separator: ", ")
            return add(.missingPool, "\(path).pool", "is missing, and there are several pools", "write one of \(known)")
        }
        guard let pool = configuration.nodePools.first(where: { $0.id == id }) else {
            return add(.unknownPool, "\(path).pool", "there is no pool \(quoted(id.description))", poolRemedy(id))
        }
        checkFit(variant, of: workload, pool, path, workloadPath: workloadPath)
    }

    private func poolRemedy(_ id: NodePoolID) -> String {
        let known = configuration.nodePools.map(\.id.description)
        guard values.contains("node_pools"), !known.isEmpty else { return "add it to node_pools, or remove this key" }
        if let nearest = NearestName.of(id.description, among: known) { return "did you mean \(nearest)?" }
        return "write one of \(known.joined(separator: ", "))"
    }

    private mutating func checkFit(
        _ variant: VariantSettings, of workload: WorkloadSettings, _ pool: NodePoolSettings, _ path: String,
        workloadPath: String
    ) {
        let size = variant.acceleratorsPerReplica
        guard size <= pool.acceleratorsPerNode else {
            return add(
                .doesNotFit, "\(path).accelerators_per_replica",
                "a replica takes \(size) accelerators of one node, and nodes of \(pool.id) have \(pool.acceleratorsPerNode)",
                "lower it, or name a pool with larger nodes")
        }
        let limit = pool.nodeCount * (pool.acceleratorsPerNode / size)
        if workload.bounds.min > limit {
            add(
                .doesNotFit, "\(workloadPath).replicas.min",
                "\(workload.bounds.min) replicas do not fit: \(pool.id) has room for \(limit)",
                "lower it, or add nodes to the pool")
        } else if workload.bounds.max > limit {
            add(
                .doesNotFit, "\(workloadPath).replicas.max",
                "\(workload.bounds.max) replicas never fit: \(pool.id) has room for \(limit)",
                "lower it, or add nodes to the pool", severity: .warning)
        }
    }
}
