internal import Fleet
internal import Glibc
internal import Runtime

/// What a replica may use at most, and what keeps it to that.
struct ResourceLimits: Hashable {
    /// Nil for no limit.
    var memoryBytes: Int?
    /// Cores; nil for no limit.
    var cores: Double?

    /// What keeps a replica to its limits.
    struct Applied: Hashable {
        /// In words, for the record and the log.
        var text: String
        /// Folders of its control groups, to be removed after it.
        var controlGroups: [String]
    }

    /// Puts a process that waits at its gate under these limits: by control groups where that is permitted, else by what a
    /// process itself can be limited to.
    func apply(to pid: Int32, groupName: String, host: ControlGroupHost, number: Int) -> Applied {
        var words: [String] = []
        var folders: [String] = []
        if let memoryBytes {
            words.append(limitMemory(memoryBytes, of: pid, groupName, host.memory, &folders))
        }
        if let cores { words.append(limitCPU(cores, of: pid, groupName, host.cpu, number, &folders)) }
        return Applied(text: words.isEmpty ? "none" : words.joined(separator: ", "), controlGroups: folders)
    }

    private func limitMemory(
        _ bytes: Int, of pid: Int32, _ name: String, _ home: ControlGroupHost.Home?, _ folders: inout [String]
    ) -> String {
        if let home, let group = try? ControlGroup(name: name, in: home) {
            if !folders.contains(group.folder) { folders.append(group.folder) }
            if (try? group.limitMemory(bytes: bytes, version: home.version)) != nil, (try? group.add(pid)) != nil {
                return "memory \(bytes) bytes by cgroup v\(home.version)"
            }
        }
        // Not RLIMIT_AS: servers of models reserve and map far more address space than they use.
        return LinuxCalls.limitData(of: pid, bytes: bytes)
            ? "memory \(bytes) bytes per process by rlimit RLIMIT_DATA" : "memory unlimited: nothing is permitted"
    }

    private func limitCPU(
        _ cores: Double, of pid: Int32, _ name: String, _ home: ControlGroupHost.Home?, _ number: Int,
        _ folders: inout [String]
    ) -> String {
        if let home, let group = try? ControlGroup(name: name, in: home) {
            if !folders.contains(group.folder) { folders.append(group.folder) }
            if (try? group.limitCPU(cores: cores, version: home.version)) != nil, (try? group.add(pid)) != nil {
                return "cpu \(cores) cores by cgroup v\(home.version)"
            }
        }
        let machine = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let whole = min(machine, max(1, Int(cores.rounded(.up))))
        // Each replica begins at other cores, so that they do not all crowd onto the first ones.
        let chosen = (0..<whole).map { (number * whole + $0) % machine }
        return LinuxCalls.pin(pid, toCores: chosen)
            ? "cpu \(whole) whole cores by affinity" : "cpu unlimited: nothing is permitted"
    }
}
