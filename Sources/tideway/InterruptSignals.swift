internal import Dispatch
internal import Glibc

/// Hears SIGINT and SIGTERM instead of ending by them.
final class InterruptSignals {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter body: called for each signal, on a thread of its own.
    init(_ body: @escaping @Sendable () -> Void) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: DispatchWorkItem(block: body))
            source.resume()
            return source
        }
    }

    /// The signals end the program again.
    func stop() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}

/// Files and sockets that this process may hold open.
enum FileDescriptors {
    /// Raises the limit to what the system allows; where it refuses, connections fail and are counted.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
