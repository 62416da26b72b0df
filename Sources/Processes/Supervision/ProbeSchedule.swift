internal import Fleet

/// When a starting replica is asked whether it is ready: at fixed instants from the first one on, however long the answers
/// take; instants that were missed are left out.
struct ProbeSchedule: Hashable {
    let deadline: Instant
    private let first: Instant
    private let interval: Double
    private var next: Instant
    /// When the probe that is under way has failed; nil while none is.
    private var probeEnd: Instant?
    /// The last status, for the message of a start that fails.
    private(set) var lastStatus: Int?

    init(first: Instant, interval: Double, deadline: Instant) {
        precondition(interval > 0, "probes have a distance")
        self.first = first
        self.interval = interval
        self.deadline = deadline
        next = first
    }

    var wakeAt: Instant { min(deadline, probeEnd ?? next) }

    mutating func passTime(_ now: Instant) -> [LifeEffect] {
        if let end = probeEnd {
            guard end <= now else { return [] }
            fail(now, status: nil)
            return [.abandonProbe]
        }
        guard next <= now else { return [] }
        probeEnd = now + .seconds(SupervisionLimits.probeSeconds)
        return [.beginProbe]
    }

    /// The probe brought nothing good: the next one is at the first instant of the schedule that is still to come.
    mutating func fail(_ now: Instant, status: Int?) {
        lastStatus = status ?? lastStatus
        probeEnd = nil
        let missed = (now.seconds(since: first) / interval).rounded(.down)
        next = Instant(seconds: first.seconds + (missed + 1) * interval)
    }
}
