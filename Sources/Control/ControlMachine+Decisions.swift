internal import Fleet

/// A number of replicas on its way from the policy's proposal to the plan, with what bound it.
struct Verdict {
    var desired: Int
    /// The decisive one first.
    var reasons: [PlanReason]

    init(_ proposal: ScalingDecision) {
        desired = proposal.desired
        reasons = [proposal.reason]
    }

    /// Something else binds from here on.
    mutating func bind(_ desired: Int, _ reason: PlanReason) {
        self.desired = desired
        reasons = [reason] + reasons.filter { $0 != reason }
    }
}

extension ControlMachine {
    private func view(at now: Instant) -> SampleView {
        SampleView(samples, through: policy.observationDelay.horizon(at: now))
    }

    /// While no orders are given, nothing that was desired came about: the policy goes on from what is there.
    private func input(_ view: SampleView, at now: Instant) -> PolicyInput {
        PolicyInput(
            now: now, samples: view, desired: isActing(at: now) ? desiredCount : currentCount, ready: readyCount,
            starting: startingCount, draining: drainingCount, bounds: workload.bounds,
            startUp: core.startUpTimes.estimate)
    }

    /// A fresh controller does not wait for the policy's first turn to start what the bounds ask for.
    mutating func startMinimum(at now: Instant) -> [ControlDirective] {
        guard guards.contains(.reactive), currentCount < workload.bounds.min else { return [] }
        let verdict = Verdict(ScalingDecision(workload.bounds.min, .bounds))
        return settle(verdict, proposed: currentCount, view(at: now), at: now)
    }

    /// The policy's turn.
    mutating func decide(at now: Instant) -> [ControlDirective] {
        let view = view(at: now)
        var input = input(view, at: now)
        input.presentNeedMax = core.presentNeedMax
        core.presentNeedMax = 0
        let proposal = policy.decide(input)
        var verdict = Verdict(proposal)
        raiseToPresentNeed(&verdict, input)
        letIdle(&verdict, view)
        holdOnBadData(&verdict, view)
        return settle(verdict, proposed: proposal.desired, view, at: now)
    }

    /// A snapshot's turn: what the present load needs is not left for the policy's next one.
    mutating func observe(_ snapshot: ClusterSnapshot, at now: Instant) -> [ControlDirective] {
        guard let seen = snapshot[workload.id] else { return [] }
        watchSecondWriter(seen.replicas, at: now)
        guard let sample = seen.sample.freshValue, keep(sample) else { return [] }
        if core.lastActiveAt == nil || isActive(sample) { core.lastActiveAt = sample.at }
        guard guards.contains(.reactive) else { return [] }
        let view = view(at: now)
        let input = input(view, at: now)
        var verdict = Verdict(ScalingDecision(input.desired, .steady))
        raiseToPresentNeed(&verdict, input)
        // What is wanted and withheld is recorded when it grows, not every second.
        guard workload.bounds.clamp(verdict.desired) > max(input.desired, desiredCount) else { return [] }
        return settle(verdict, proposed: input.desired, view, at: now)
    }

    /// Bounds, record, orders.
    private mutating func settle(
        _ verdict: Verdict, proposed: Int, _ view: SampleView, at now: Instant
    ) -> [ControlDirective] {
        let desired = workload.bounds.clamp(verdict.desired)
        let withheld = withholding(at: now)
        let bounded: [PlanReason] = desired != verdict.desired ? [.bounds] : []
        // A second writer is loud: it comes before the reason for a number that nobody gets.
        let reasons =
            withheld.contains(.secondWriter)
            ? withheld + verdict.reasons + bounded
            : verdict.reasons + bounded + startReasons(desired: desired, at: now) + withheld
        let allocation = Allocation(workload: workload.id, variant: variant, desired: desired, reasons: reasons)
        let record = DecisionRecord(
            at: now, proposed: proposed, plan: CapacityPlan(basedOn: view.latest?.at, allocations: [allocation]),
            current: currentCount, ready: readyCount)
        core.desired = desired
        if withheld.isEmpty { return [.record(record)] + orders(for: desired, at: now) }
        return [.record(record)] + (withheld == [.advising] && desired != currentCount ? [.advise(record)] : [])
    }

    /// What keeps the starts that are wanted, or under way, from coming about.
    private func startReasons(desired: Int, at now: Instant) -> [PlanReason] {
        guard guards.contains(.supervisedStarts) else { return [] }
        var reasons: [PlanReason] = []
        if desired > currentCount, core.failedStarts.isWaiting(at: now) { reasons.append(.startBackOff) }
        if desired > currentCount, core.refusedStarts.isWaiting(at: now) { reasons.append(.noCapacity) }
        if core.fleet.starting.contains(where: { $0.expectedAt < now }) { reasons.append(.startOverdue) }
        return reasons
    }
}

// MARK: Guards

extension ControlMachine {
    /// Never below what the present load needs; and one when requests wait and nothing is ready or starting.
    private mutating func raiseToPresentNeed(_ verdict: inout Verdict, _ input: PolicyInput) {
        guard guards.contains(.reactive), let latest = input.samples.latest else { return }
        if let need = policy.presentNeed(input) {
            core.presentNeedMax = max(core.presentNeedMax, need)
            if need > verdict.desired { verdict.bind(need, .burst) }
        }
        if latest.inFlightRequests > 0, input.current == 0, verdict.desired < 1 || input.desired < 1 {
            verdict.bind(max(verdict.desired, 1), .wake)
        }
    }

    /// Where nothing need run: one replica until the idle time is over, then none.
    private func letIdle(_ verdict: inout Verdict, _ view: SampleView) {
        guard guards.contains(.idleToZero), workload.bounds.min == 0, let limit = workload.idleTimeToZero,
            let latest = view.latest, let active = core.lastActiveAt
        else { return }
        if latest.at.seconds(since: active) >= limit.seconds {
            if currentCount > 0 || verdict.desired > 0 { verdict.bind(0, .idle) }
        } else if verdict.desired < 1, currentCount > 0 {
            verdict.bind(1, .stabilised)
        }
    }

    /// Without a fresh sample nothing is scaled down; what asks for more may have it.
    private func holdOnBadData(_ verdict: inout Verdict, _ view: SampleView) {
        guard guards.contains(.holdOnBadData) else { return }
        switch view.observation(staleAfter: ControlMachine.staleAfter) {
        case .value: return
        case .stale, .missing: verdict.bind(max(verdict.desired, currentCount), .noData)
        }
    }

    private func isActive(_ sample: WorkloadSample) -> Bool {
        guard samples.count > 1 else { return true }
        return sample.inFlightRequests > 0 || sample.arrivedRequests != samples[samples.count - 2].arrivedRequests
    }

    /// Compares the actuator's own list with what was ordered.
    private mutating func watchSecondWriter(_ listed: Observation<[Replica]>, at now: Instant) {
        guard guards.contains(.secondWriter), let replicas = listed.freshValue else { return }
        for id in core.secondWriter.observe(core.fleet.contradictions(replicas), at: now) {
            // Gone without news: the list is right, and a replacement is due. A stranger is nobody's here.
            let listedState = replicas.first { $0.id == id }?.state
            _ = core.fleet.take(listedState == .draining ? .drainBegan(id) : .lost(id), at: now)
        }
    }
}
