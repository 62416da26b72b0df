internal import Fleet

// What came of orders, and what follows from it at once.

extension ControlMachine {
    /// Whether orders are given. Else decisions are made and recorded all the same.
    func isActing(at now: Instant) -> Bool { withholding(at: now).isEmpty }

    /// Why no orders are given.
    func withholding(at now: Instant) -> [PlanReason] {
        var reasons: [PlanReason] = []
        if core.secondWriter.isHolding(at: now) { reasons.append(.secondWriter) }
        if core.isFrozen { reasons.append(.frozen) }
        switch core.mode {
        case .observe: reasons.append(.observing)
        case .advise: reasons.append(.advising)
        case .act: break
        }
        if !workload.isActedOn { reasons.append(.notActedOn) }
        return reasons
    }

    mutating func take(_ outcome: ActionOutcome, at now: Instant) -> [ControlDirective] {
        let ended = core.fleet.take(outcome, at: now)
        switch (outcome, ended) {
        case (.ready, .start(let start)?):
            if start.isMeasured { core.startUpTimes.append(now.seconds(since: start.orderedAt)) }
            core.failedStarts.succeed()
            core.refusedStarts.succeed()
            return []
        case (.startFailed, .start(let start)?), (.lost, .start(let start)?):
            core.failedStarts.fail(orderedAt: start.orderedAt, at: now)
            return []
        case (.noCapacity, .start(let start)?):
            core.refusedStarts.fail(orderedAt: start.orderedAt, at: now)
            return []
        case (.lost, .service(let since)?):
            if now.seconds(since: since) < ControlMachine.settledAfter.seconds {
                core.failedStarts.fail(orderedAt: since, at: now)
            }
            return guards.contains(.reactive) ? fill(at: now) : []
        case (.ready, _), (.startFailed, _), (.noCapacity, _), (.drainBegan, _), (.drainRefused, _), (.stopped, _),
            (.lost, _):
            return []
        }
    }

    /// Gives up starts past their deadline, and tries again those whose wait is over.
    mutating func superviseStarts(at now: Instant) -> [ControlDirective] {
        guard guards.contains(.supervisedStarts), isActing(at: now) else { return [] }
        core.failedStarts.endWait(at: now)
        core.refusedStarts.endWait(at: now)
        let overdue = core.fleet.cancelOverdue(at: now)
        for orderedAt in overdue.orderedAt { core.failedStarts.fail(orderedAt: orderedAt, at: now) }
        return overdue.orders + fill(at: now)
    }

    /// Orders what is missing from, or too much for, the last decision.
    mutating func fill(at now: Instant) -> [ControlDirective] {
        guard let desired = core.desired, isActing(at: now) else { return [] }
        return orders(for: desired, at: now)
    }

    /// Starts, or cancels the newest starts and then drains. Starts that have to wait hold up nothing else.
    mutating func orders(for desired: Int, at now: Instant) -> [ControlDirective] {
        core.fleet.forgetDrainOrders(olderThan: ControlMachine.drainAnswerDeadline, at: now)
        var directives: [ControlDirective] = []
        let startsWait = guards.contains(.supervisedStarts) && core.startsWait(at: now)
        while currentCount < desired, !startsWait { directives.append(start(at: now)) }
        while currentCount > desired, let order = core.fleet.cancelNewest() { directives.append(order) }
        while currentCount > desired { directives.append(core.fleet.drainOne(at: now)) }
        return directives
    }
}
