internal import Link
internal import Logging
internal import Runtime

/// The process that has the state folder now and is about to end: when its supervisor was killed, it finishes its requests
/// first, and the next supervisor is there already.
struct Predecessor {
    /// Between two looks.
    private static let pause = Duration.milliseconds(100)

    /// How long it is waited for.
    var patience: Duration
    var logger: Logger

    /// Tries until the folder is free.
    ///
    /// - Parameter body: takes what only one process can have.
    /// - Returns: what `body` returned.
    /// - Throws: what `body` throws for another reason, or at the end of the patience.
    func outlast<Result>(_ body: () async throws -> Result) async throws -> Result {
        let end = ContinuousClock.now + patience
        var isTold = false
        while true {
            do {
                return try await body()
            } catch {
                guard Predecessor.holds(error), ContinuousClock.now < end else { throw error }
            }
            if !isTold { logger.warning("An earlier process has the state folder and is about to end; waiting for it") }
            isTold = true
            try await Task.sleep(for: Predecessor.pause)
        }
    }

    private static func holds(_ error: any Error) -> Bool {
        (error as? JournalError)?.code == .locked || (error as? LinkError)?.code == .inUse
    }
}
