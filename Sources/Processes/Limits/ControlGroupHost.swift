internal import Glibc

/// Where this process may make control groups for its replicas, per resource; found once, by trying.
struct ControlGroupHost: Hashable, Sendable {
    enum Resource: String, Hashable, Sendable { case memory, cpu }

    /// A folder in which groups can be made that limit one resource.
    struct Home: Hashable, Sendable {
        var folder: String
        /// 1 or 2: the files have other names.
        var version: Int
    }

    var memory: Home?
    var cpu: Home?

    /// All homes, each folder once.
    var homes: [Home] {
        var seen: Set<String> = []
        return [memory, cpu].compactMap { $0 }.filter { seen.insert($0.folder).inserted }
    }

    /// How limits are kept, for the log and the record.
    var summary: String {
        "memory by \(memory.map { "cgroup v\($0.version)" } ?? "rlimit (RLIMIT_DATA, per process)"), "
            + "cpu by \(cpu.map { "cgroup v\($0.version)" } ?? "affinity (whole cores)")"
    }

    /// Looks in what /proc/self/cgroup (`membership`) and /proc/self/mountinfo (`mounts`) say.
    static func find(membership: String, mounts: String) -> ControlGroupHost {
        ControlGroupHost(
            memory: find(.memory, membership: membership, mounts: mounts),
            cpu: find(.cpu, membership: membership, mounts: mounts))
    }

    static func ofThisProcess() -> ControlGroupHost {
        find(membership: fileText("/proc/self/cgroup") ?? "", mounts: fileText("/proc/self/mountinfo") ?? "")
    }

    private static func find(_ resource: Resource, membership: String, mounts: String) -> Home? {
        candidates(resource, membership: membership, mounts: mounts).first { home in
            if home.version == 2 && !enable(resource, in: home.folder) { return false }
            let trial = "\(home.folder)/tideway-trial-\(getpid())"
            guard mkdir(trial, 0o755) == 0 || errno == EEXIST else { return false }
            defer { rmdir(trial) }
            let file = ControlGroup.limitFile(resource, version: home.version)
            return access("\(trial)/\(file)", W_OK) == 0
        }
    }

    /// The group that this process is in, for version 2 and version 1, as folders.
    static func candidates(_ resource: Resource, membership: String, mounts: String) -> [Home] {
        let lines = membership.split(separator: "\n").map {
            $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        }
        return mounts.split(separator: "\n").flatMap { line -> [Home] in
            guard let mount = Mount(line) else { return [] }
            let version = mount.type == "cgroup2" ? 2 : 1
            let isOurs = version == 2 || mount.options.contains(resource.rawValue)
            let own = lines.first {
                $0.count == 3
                    && (version == 2
                        ? $0[0] == "0" : $0[1].split(separator: ",").map(String.init).contains(resource.rawValue))
            }
            guard isOurs, let path = own?[2] else { return [] }
            return [Home(folder: mount.folder(of: path), version: version)]
        }.filter { access($0.folder, F_OK) == 0 }.sorted { $0.version > $1.version }
    }

    /// Version 2 passes a resource on to groups below only when told, and only where no process lives directly: this process
    /// moves into a group of its own when that is what it takes and nobody else is there.
    private static func enable(_ resource: Resource, in folder: String) -> Bool {
        let available = (fileText("\(folder)/cgroup.controllers") ?? "").split(whereSeparator: \.isWhitespace)
        guard available.contains(Substring(resource.rawValue)) else { return false }
        let control = "\(folder)/cgroup.subtree_control"
        let order = "+\(resource.rawValue)"
        if (try? writeControl(order, to: control)) != nil { return true }
        let own = "\(folder)/tideway-controller"
        guard mkdir(own, 0o755) == 0 || errno == EEXIST,
            (try? writeControl("\(getpid())", to: "\(own)/cgroup.procs")) != nil
        else { return false }
        if (try? writeControl(order, to: control)) != nil { return true }
        try? writeControl("\(getpid())", to: "\(folder)/cgroup.procs")
        rmdir(own)
        return false
    }
}

/// One line of /proc/self/mountinfo that mounts control groups.
private struct Mount {
    var root: String
    var point: String
    var type: String
    var options: [String]

    init?(_ line: Substring) {
        let halves = line.split(separator: " - ", maxSplits: 1)
        let first = halves.first?.split(separator: " ") ?? []
        let second = halves.count == 2 ? halves[1].split(separator: " ") : []
        guard first.count >= 5, second.count >= 3, second[0].hasPrefix("cgroup") else { return nil }
        root = String(first[3])
        point = String(first[4])
        type = String(second[0])
        options = second[2].split(separator: ",").map(String.init)
    }

    /// Where a group lies in this mount; in a container the mount may show only a part of the tree.
    func folder(of path: String) -> String {
        let relative = path.hasPrefix(root) && root != "/" ? String(path.dropFirst(root.count)) : path
        let folder = relative == "/" || relative.isEmpty ? point : point + relative
        return access(folder, F_OK) == 0 ? folder : point
    }
}
