internal import Glibc

/// What `/proc` says about one process at one instant.
struct ProcessStatus: Hashable {
    var pid: Int32
    /// "Z" is a zombie: it has ended, and only its status is left.
    var state: Character
    var parent: Int32
    var group: Int32
    /// Clock ticks from the start of the machine to that of the process: with the pid, its identity.
    var startTicks: UInt64

    var isAlive: Bool { state != "Z" && state != "X" }

    /// Nil when there is no such process.
    init?(pid: Int32) {
        guard let text = fileText("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // The name stands in parentheses and may hold anything, so fields count from the last ")": it closes field 2.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let state = fields[0].first, let parent = Int32(fields[1]),
            let group = Int32(fields[2]),
            let startTicks = UInt64(fields[19])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.group = group
        self.startTicks = startTicks
    }
}

/// All processes of this machine that carry a mark in the environment that they were started with.
enum ProcessTable {
    /// The variable that marks every process of a replica, and what it starts.
    static let marker = "TIDEWAY_REPLICA"

    static func allPIDs() -> [Int32] { folderEntries("/proc").compactMap { Int32($0) }.sorted() }

    /// The marker of a process; nil without one, for another user's process, and for a zombie.
    static func mark(of pid: Int32) -> String? {
        guard let bytes = fileBytes("/proc/\(pid)/environ") else { return nil }
        let prefix = Array("\(marker)=".utf8)
        return bytes.split(separator: 0).first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// Processes whose mark begins so, with their marks.
    static func marked(prefix: String) -> [(pid: Int32, mark: String)] {
        allPIDs().compactMap { pid in
            guard pid != getpid(), let mark = mark(of: pid), mark.hasPrefix(prefix) else { return nil }
            return (pid, mark)
        }
    }

    /// Kills one process for good if its mark still is what it was: a pid may have changed hands since it was listed.
    static func killMarked(_ pid: Int32, mark expected: String) {
        let process = LinuxCalls.openProcess(pid)
        guard mark(of: pid) == expected else { return }
        if let process { _ = LinuxCalls.signal(process, SIGKILL) } else { kill(pid, SIGKILL) }
    }

    /// Kills all processes whose mark begins with `prefix` and is not spared, until none is left or it was tried often
    /// enough (something may fork faster than it is killed). Returns how many it killed.
    @discardableResult
    static func killAll(prefix: String, sparing isSpared: (String) -> Bool) -> Int {
        var killed = 0
        for _ in 0..<killRounds {
            let found = marked(prefix: prefix).filter { !isSpared($0.mark) }
            if found.isEmpty { break }
            for entry in found { killMarked(entry.pid, mark: entry.mark) }
            killed += found.count
            usleep(500)
        }
        return killed
    }

    private static let killRounds = 20
}
