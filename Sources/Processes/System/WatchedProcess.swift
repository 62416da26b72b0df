internal import Glibc

/// A process that leads a replica's process group: a child of ours, or of a controller that is gone.
struct WatchedProcess {
    let pid: Int32
    let startTicks: UInt64
    /// Becomes readable when the process ends; nil on kernels before 5.3, where it is looked at often instead.
    let descriptor: Descriptor?
    /// Only a child's status comes to us.
    let isChild: Bool

    init(child: SpawnedProcess) {
        pid = child.pid
        startTicks = child.startTicks
        descriptor = LinuxCalls.openProcess(child.pid)
        isChild = true
    }

    /// Takes over a process that another controller started; nil when it is not the one on record, or has ended.
    init?(_ record: ProcessRecord, mark: String) {
        guard let identity = record.identity else { return nil }
        descriptor = LinuxCalls.openProcess(identity.pid)
        // Only now, so that the descriptor stands for the process that is examined here.
        guard record.isAlive(mark: mark) else { return nil }
        pid = identity.pid
        startTicks = identity.startTicks
        isChild = false
    }

    /// Whether it has ended; a zombie has.
    var hasEnded: Bool {
        guard let status = ProcessStatus(pid: pid) else { return true }
        return !status.isAlive || status.startTicks != startTicks
    }

    /// Sends a signal to all of its group, while the number still is its own: its leader lives, or its status waits for us.
    func signalGroup(_ signal: Int32) {
        guard let status = ProcessStatus(pid: pid), status.startTicks == startTicks else { return }
        kill(-pid, signal)
    }

    /// Takes the status of a process that has ended, and says in words how: "exited with status 1".
    func reap() -> String {
        guard isChild else { return "ended (its status went to its first parent)" }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return "ended" }
        }
        let signal = status & 0x7f
        if signal == 0 { return "exited with status \((status >> 8) & 0xff)" }
        return "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
}
