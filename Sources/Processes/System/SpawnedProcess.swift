internal import Glibc

/// What a process is made of.
struct SpawnRequest {
    /// The program and its arguments, complete.
    var command: [String]
    /// All of its environment, `NAME=value`.
    var environment: [String]
    var workingFolder: String
    /// Takes its standard output and error; written at the end always, so that it can be cut while it is written.
    var logFile: String
}

/// A child that waits at a gate before it becomes the command.
///
/// A shell is started, which waits for one line on its standard input and then turns into the command, with the same pid.
/// Until then the parent writes down who it is and sets its limits. When the parent dies before, the line never comes and the
/// child ends: no process runs the command that is not on record.
struct SpawnedProcess {
    let pid: Int32
    /// Tells the process from a later one with the same pid.
    let startTicks: UInt64
    private let gate: Descriptor

    /// Exit status of a child whose gate never opened.
    static let gateStatus: Int32 = 125
    private static let script = """
        umask 077
        read -r go || exit \(gateStatus)
        cd -- "$TIDEWAY_FOLDER" || exit \(gateStatus)
        exec "$@" </dev/null
        """

    /// Starts the child in a process group of its own, with no descriptors but the standard ones and no signal blocked.
    init(_ request: SpawnRequest) throws {
        let gate = try Self.openGatePair()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, gate.child.number, 0)
        posix_spawn_file_actions_addopen(&actions, 1, request.logFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        LinuxCalls.addCloseFrom(3, to: &actions)
        let arguments = ["sh", "-c", Self.script, "tideway-start"] + request.command
        let pid = try Self.spawn(arguments, request.environment + ["TIDEWAY_FOLDER=\(request.workingFolder)"], &actions)
        // It waits at its gate, so it lives, or its status waits for us: it has a start time either way.
        guard let status = ProcessStatus(pid: pid) else { throw SystemCallError("see the new process \(pid)") }
        self.pid = pid
        startTicks = status.startTicks
        self.gate = gate.parent
    }

    /// Lets the child become the command.
    func openGate() {
        // A child that is dead already is found by its exit.
        send(gate.number, "go\n", 3, Int32(MSG_NOSIGNAL))
    }

    /// Ends a child whose gate is still shut, and all trace of it.
    func abandon() {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    }

    /// A pair of sockets, because a pipe whose reader is gone would end the writer with SIGPIPE.
    private static func openGatePair() throws -> (parent: Descriptor, child: Descriptor) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemCallError("open a gate for a new process") }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String], _ actions: inout posix_spawn_file_actions_t
    ) throws -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid: pid_t = 0
        let number = withCStrings(arguments) { arguments in
            withCStrings(environment) { posix_spawn(&pid, "/bin/sh", &actions, &attributes, arguments, $0) }
        }
        guard number == 0 else { throw SystemCallError("start a process", number: number) }
        return pid
    }
}

/// Calls `body` with an array of C strings that ends with nil, as `execve` wants it.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
