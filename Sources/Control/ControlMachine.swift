package import Fleet

/// Controls the replicas of one workload: keeps what was seen, asks the policy when it is time, and turns the difference
/// between desired and current into orders. The simulator and the daemon drive the same one.
package struct ControlMachine: Sendable {
    /// Samples missing for longer than this make the view stale.
    package static let staleAfter = Duration.seconds(10)

    private var policy: any ScalingPolicy
    private let guards: ControlGuards
    package let workload: Workload
    private let variant: VariantID
    private var samples = SampleHistory()

    /// Ordered and not ready, oldest first: the actions in flight.
    private var starting: [ReplicaID] = []
    private var ready: Set<ReplicaID> = []
    private var draining: Set<ReplicaID> = []
    /// Starts given up and not confirmed gone: one that became ready all the same is ready.
    private var cancelled: Set<ReplicaID> = []
    /// Drain orders whose victim is not known yet.
    private var unassignedDrains = 0
    private var nextReplica = 0
    private var nextAction = 0
    private var timerGeneration = 0
    /// After bounds; nil before the first decision.
    private var desired: Int?

    /// - Parameters:
    ///   - policy: says how many replicas there should be.
    ///   - workload: whose replicas these are; its bounds are applied to what the policy says.
    ///   - variant: of the replicas.
    ///   - guards: protections around the policy; none for peers.
    package init(policy: any ScalingPolicy, workload: Workload, variant: VariantID, guards: ControlGuards) {
        self.policy = policy
        self.workload = workload
        self.variant = variant
        self.guards = guards
    }

    /// Ready replicas that no drain order has claimed.
    package var readyCount: Int { ready.count - unassignedDrains }
    package var startingCount: Int { starting.count }
    package var drainingCount: Int { draining.count + unassignedDrains }
    /// Ready and starting: what `desired` is compared with.
    package var currentCount: Int { readyCount + starting.count }
    package var desiredCount: Int { desired ?? currentCount }

    /// Takes an event in and says what is to be done.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: when; never before an earlier call's.
    /// - Returns: directives, to be carried out in order.
    package mutating func on(_ event: ControlEvent, at now: Instant) -> [ControlDirective] {
        switch event {
        case .began(let ready, let starting, let draining):
            self.ready = Set(ready)
            self.starting = starting.sorted()
            self.draining = Set(draining)
            nextReplica = ((ready + starting + draining).map(\.number).max() ?? -1) + 1
            return scheduleDecision(after: now, isFirst: true)
        case .observed(let snapshot):
            if let sample = snapshot[workload.id]?.sample.freshValue { samples.append(sample) }
            return []
        case .timerFired(let generation):
            guard generation == timerGeneration else { return [] }
            return decide(at: now) + scheduleDecision(after: now, isFirst: false)
        case .outcome(let outcome):
            take(outcome)
            return []
        }
    }

    /// Fleet news about a replica that is not in the state it would come from are duplicates, and change nothing.
    private mutating func take(_ outcome: ActionOutcome) {
        switch outcome {
        case .ready(let id):
            if removeStarting(id) || cancelled.remove(id) != nil { ready.insert(id) }
        case .startFailed(let id):
            _ = removeStarting(id)
            cancelled.remove(id)
        case .drainBegan(let id):
            guard ready.remove(id) != nil else { return }
            draining.insert(id)
            unassignedDrains = max(unassignedDrains - 1, 0)
        case .stopped(let id):
            draining.remove(id)
            cancelled.remove(id)
        case .lost(let id):
            _ = removeStarting(id)
            cancelled.remove(id)
            ready.remove(id)
            draining.remove(id)
            // A drain order that finds nobody left is void; else it would count against replicas yet to come.
            unassignedDrains = min(unassignedDrains, ready.count)
        }
    }

    private mutating func removeStarting(_ id: ReplicaID) -> Bool {
        guard let index = starting.firstIndex(of: id) else { return false }
        starting.remove(at: index)
        return true
    }

    private mutating func scheduleDecision(after now: Instant, isFirst: Bool) -> [ControlDirective] {
        guard let next = policy.nextDecision(after: now, isFirst: isFirst) else { return [] }
        precondition(
            next > now || isFirst, "\(policy.name) wants its next decision at \(next.seconds), not after \(now.seconds)"
        )
        timerGeneration += 1
        return [.scheduleTimer(generation: timerGeneration, at: next)]
    }
}

// MARK: Decisions

extension ControlMachine {
    private mutating func decide(at now: Instant) -> [ControlDirective] {
        let view = SampleView(samples, through: policy.observationDelay.horizon(at: now))
        let proposal = policy.decide(
            PolicyInput(
                now: now, samples: view, desired: desiredCount, ready: readyCount, starting: starting.count,
                draining: drainingCount, bounds: workload.bounds))
        let guarded = guardedAgainstBadData(proposal, view)
        let clamped = workload.bounds.clamp(guarded.desired)
        let plan = CapacityPlan(
            basedOn: view.latest?.at,
            allocations: [
                Allocation(workload: workload.id, variant: variant, desired: clamped, reasons: [guarded.reason])
            ])
        let record = DecisionRecord(
            at: now, proposed: proposal.desired, plan: plan, current: currentCount, ready: readyCount)
        desired = clamped
        return [.record(record)] + orders(for: clamped)
    }

    private mutating func newAction() -> ActionID {
        defer { nextAction += 1 }
        return ActionID(nextAction)
    }

    /// Without a fresh sample nothing is scaled down; what asks for more may have it.
    private func guardedAgainstBadData(_ proposal: ScalingDecision, _ view: SampleView) -> ScalingDecision {
        guard guards.contains(.holdOnBadData) else { return proposal }
        switch view.observation(staleAfter: ControlMachine.staleAfter) {
        case .value: return proposal
        case .stale, .missing: return ScalingDecision(max(proposal.desired, currentCount), .noData)
        }
    }

    /// Starts, or cancels the newest starts and then drains.
    private mutating func orders(for desired: Int) -> [ControlDirective] {
        var directives: [ControlDirective] = []
        while currentCount < desired {
            let id = ReplicaID(nextReplica)
            nextReplica += 1
            starting.append(id)
            directives.append(.start(id, as: newAction()))
        }
        while currentCount > desired, let newest = starting.popLast() {
            cancelled.insert(newest)
            directives.append(.cancel(newest, as: newAction()))
        }
        while currentCount > desired {
            unassignedDrains += 1
            directives.append(.drainOne(as: newAction()))
        }
        return directives
    }
}
