internal import Glibc
internal import Link
internal import NIOCore

/// The clocks of the gateway.
enum Clock {
    /// Seconds of the monotonic clock.
    static var seconds: Double { seconds(.now()) }

    /// The same of an instant that was read before.
    static func seconds(_ instant: NIODeadline) -> Double { Double(instant.uptimeNanoseconds) * 1e-9 }

    /// Seconds since 1970.
    static var secondsSince1970: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Writes the time of day into a sample, which is made by the monotonic clock.
    static func dated(_ message: GatewayMessage) -> GatewayMessage {
        guard case .sample(var sample) = message else { return message }
        sample.time = secondsSince1970
        return .sample(sample)
    }
}
