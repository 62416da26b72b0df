internal import Fleet
internal import Glibc

/// What happens to a replica's process, or to the orders about it.
enum LifeEvent: Hashable {
    /// The instant that `wakeAt` named has come, or any other.
    case timePassed
    /// The process exists.
    case launched
    /// There could be no process.
    case launchFailed(String)
    /// The probe that was begun got this status, or nothing (nil).
    case probeAnswered(status: Int?)
    /// The process is gone; says how.
    case exited(String)
    case cancelOrdered
    /// Nil seconds: the replica's own deadline.
    case stopOrdered(deadline: Double?)
}

/// What the shell is to do, in order.
enum LifeEffect: Hashable {
    case beginProbe
    /// Forget the probe that is under way.
    case abandonProbe
    /// To the whole process group.
    case signal(Int32)
    case reportReady
    /// Nothing is left of it: clear up, then report.
    case end(LifeEnding)
}

/// How a replica ended.
enum LifeEnding: Hashable {
    case stopped
    case failed(String)
    case lost(String)
}

/// The life of one replica from its order to its end, without processes, sockets and clocks.
struct ReplicaLife {
    private enum Phase: Hashable {
        /// The shell is making the process. Ends with `launched` or `launchFailed`.
        case spawning
        /// Loading. Ends with a good probe, the deadline, an exit or an order.
        case starting(ProbeSchedule)
        /// Takes requests. Ends with an exit or an order to stop.
        case ready
        /// Told to end; killed at an instant, or killed already (nil). Ends with the exit.
        case stopping(killAt: Instant?, ending: LifeEnding)
        /// Nothing is left of it.
        case ended
    }

    private let limits: SupervisionLimits
    private var phase: Phase

    /// A replica whose process is being made.
    init(limits: SupervisionLimits) {
        self.limits = limits
        phase = .spawning
    }

    /// A replica that an earlier controller started, and that lives.
    /// `deadline`: when it has failed unless it answers.
    init(limits: SupervisionLimits, adoptedAt now: Instant, deadline: Instant) {
        self.limits = limits
        phase = .starting(ProbeSchedule(first: now, interval: limits.readinessInterval, deadline: deadline))
    }

    /// When `timePassed` is due; nil when only something else can happen.
    var wakeAt: Instant? {
        switch phase {
        case .starting(let schedule): schedule.wakeAt
        case .stopping(let killAt, _): killAt
        case .spawning, .ready, .ended: nil
        }
    }

    var isReady: Bool { phase == .ready }
    var isStopping: Bool { if case .stopping = phase { true } else { false } }

    mutating func on(_ event: LifeEvent, at now: Instant) -> [LifeEffect] {
        switch event {
        case .timePassed: return passTime(now)
        case .launched:
            precondition(phase == .spawning, "launched while \(phase)")
            let deadline = Instant(seconds: now.seconds + limits.startDeadline)
            phase = .starting(ProbeSchedule(first: now, interval: limits.readinessInterval, deadline: deadline))
            return passTime(now)
        case .launchFailed(let reason):
            precondition(phase == .spawning, "a launch failed while \(phase)")
            return end(.failed(reason))
        case .probeAnswered(let status): return answer(status, now)
        case .exited(let how): return exit(how)
        case .cancelOrdered: return phase == .ready ? [] : stop(after: nil, now, ending: .stopped)
        case .stopOrdered(let deadline): return stop(after: deadline, now, ending: .stopped)
        }
    }

    private mutating func passTime(_ now: Instant) -> [LifeEffect] {
        switch phase {
        case .starting(var schedule):
            if schedule.deadline <= now {
                let seconds = (limits.startDeadline * 1000).rounded() / 1000
                let answer = schedule.lastStatus.map { "the last answer was \($0)" } ?? "it answered no probe"
                let reason = "it was not ready within \(seconds) s (startDeadline); \(answer)"
                return stop(after: nil, now, ending: .failed(reason))
            }
            let effects = schedule.passTime(now)
            phase = .starting(schedule)
            return effects
        case .stopping(let killAt?, let ending) where killAt <= now:
            phase = .stopping(killAt: nil, ending: ending)
            return [.signal(SIGKILL)]
        case .spawning, .ready, .stopping, .ended: return []
        }
    }

    private mutating func answer(_ status: Int?, _ now: Instant) -> [LifeEffect] {
        guard case .starting(var schedule) = phase else { return [] }
        if status == 200 {
            phase = .ready
            return [.reportReady]
        }
        schedule.fail(now, status: status)
        phase = .starting(schedule)
        return []
    }

    private mutating func exit(_ how: String) -> [LifeEffect] {
        switch phase {
        case .starting: [.abandonProbe] + end(.failed("it \(how) before it was ready"))
        case .ready: end(.lost("it \(how)"))
        case .stopping(_, let ending): end(ending)
        case .spawning, .ended: preconditionFailure("an exit while \(phase)")
        }
    }

    private mutating func stop(after seconds: Double?, _ now: Instant, ending: LifeEnding) -> [LifeEffect] {
        let killAt = Instant(seconds: now.seconds + (seconds ?? limits.stopDeadline))
        switch phase {
        case .starting:
            phase = .stopping(killAt: killAt, ending: ending)
            return [.abandonProbe, .signal(SIGTERM)]
        case .ready:
            phase = .stopping(killAt: killAt, ending: ending)
            return [.signal(SIGTERM)]
        case .stopping(let earlier?, let first):
            // A second order may only hasten the end.
            phase = .stopping(killAt: min(earlier, killAt), ending: first)
            return []
        case .stopping, .spawning, .ended: return []
        }
    }

    private mutating func end(_ ending: LifeEnding) -> [LifeEffect] {
        phase = .ended
        return [.end(ending)]
    }
}
