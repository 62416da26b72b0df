package import Fleet
internal import Foundation
internal import Synchronization

/// The real clock: instants are seconds since 1970, and never go back while the process lives.
package final class WallClock: Sendable {
    private let latest = Mutex(-Double.infinity)

    package init() {}

    /// Never before what an earlier call returned, whatever somebody does to the machine's clock.
    package func now() -> Instant {
        let seconds = Date().timeIntervalSince1970
        return latest.withLock { latest in
            latest = max(latest, seconds)
            return Instant(seconds: latest)
        }
    }
}
