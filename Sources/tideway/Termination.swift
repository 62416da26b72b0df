internal import Dispatch
internal import Glibc

/// The wish that the process end.
enum Termination {
    /// Returns at the first SIGTERM or SIGINT; the next one of the same kind ends the process on the spot.
    static func signal() async {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let sources = [SIGTERM, SIGINT].map { number in
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                Glibc.signal(number, SIG_DFL)
                continuation.yield()
            }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
    }
}
