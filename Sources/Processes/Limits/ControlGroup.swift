internal import Glibc

/// One control group of one replica.
struct ControlGroup: Hashable {
    let folder: String

    /// The file that a limit is written to.
    static func limitFile(_ resource: ControlGroupHost.Resource, version: Int) -> String {
        switch (resource, version) {
        case (.memory, 2): "memory.max"
        case (.memory, _): "memory.limit_in_bytes"
        case (.cpu, 2): "cpu.max"
        case (.cpu, _): "cpu.cfs_quota_us"
        }
    }

    /// Makes the group `name` in a home; one that is left from before is taken as it is.
    init(name: String, in home: ControlGroupHost.Home) throws {
        folder = "\(home.folder)/\(name)"
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw SystemCallError("make \(folder)") }
    }

    init(existing folder: String) { self.folder = folder }

    func limitMemory(bytes: Int, version: Int) throws {
        try writeControl("\(bytes)", to: "\(folder)/\(Self.limitFile(.memory, version: version))")
        // Else the rest of it goes to swap. Where there is no swap accounting, there is no such file.
        try? writeControl(
            version == 2 ? "0" : "\(bytes)",
            to: "\(folder)/\(version == 2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes")")
    }

    func limitCPU(cores: Double, version: Int) throws {
        let period = 100_000
        // The kernel takes no quota below 1 ms.
        let quota = max(1_000, Int((cores * Double(period)).rounded()))
        if version == 2 {
            try writeControl("\(quota) \(period)", to: "\(folder)/cpu.max")
        } else {
            try writeControl("\(period)", to: "\(folder)/cpu.cfs_period_us")
            try writeControl("\(quota)", to: "\(folder)/cpu.cfs_quota_us")
        }
    }

    func add(_ pid: Int32) throws { try writeControl("\(pid)", to: "\(folder)/cgroup.procs") }

    /// How often the kernel killed something here for want of memory.
    var memoryKills: Int {
        let text = (fileText("\(folder)/memory.events") ?? "") + (fileText("\(folder)/memory.oom_control") ?? "")
        return text.split(separator: "\n").filter { $0.hasPrefix("oom_kill ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }

    /// Kills what lives in it, and removes it. A group whose last process is not quite gone is left for the next clearing.
    func remove() {
        for _ in 0..<Self.removeRounds {
            if rmdir(folder) == 0 || errno == ENOENT { return }
            for pid in (fileText("\(folder)/cgroup.procs") ?? "").split(separator: "\n").compactMap({ Int32($0) }) {
                kill(pid, SIGKILL)
            }
            usleep(500)
        }
    }

    private static let removeRounds = 10
}
