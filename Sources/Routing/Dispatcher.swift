internal import Sampling

/// Decides which replica gets which request, and when. The simulator and the gateway hold the same one.
///
/// The shell tells it of arrivals, of prefills and requests that ended, and of replicas that came and went; after each of
/// the latter it asks `next(changed:)`, and while that or `next()` places something, `next()` again.
public struct Dispatcher: ~Copyable {
    /// When requests are bound.
    public let binding: Binding
    /// Who goes first.
    public let order: DispatchOrder
    /// The same as a flag: a comparison of enumerations is not inlined across modules.
    @usableFromInline let isInTimeOrder: Bool
    /// Which replica gets a request. A change holds from the next one on.
    public var choice: ReplicaChoice
    /// The replicas; the shell tells it of prefills and requests that ended.
    public var table: ReplicaTable
    /// The requests that wait centrally.
    public var queue: CentralQueue
    /// For the order `slo` alone: those of them whose first token cannot be in time any more, in the order in which that
    /// was found.
    public internal(set) var late: CentralQueue
    /// Placements since a late request was placed, as long as any waits.
    var placedSinceLate = 0
    private var generator: SeededGenerator
    /// For `roundRobin` alone: the slot that got the last request.
    @usableFromInline var lastChoice = -1

    /// Where a request went.
    public enum Placement: Hashable, Sendable {
        /// The replica in this slot has it.
        case replica(slot: Int)
        case queued
        /// The queue is full: the shell answers with "try again later".
        case refused
    }

    /// - Parameters:
    ///   - limits: what a replica admits.
    ///   - binding: when requests are bound.
    ///   - choice: which replica gets one.
    ///   - order: who goes first; with early binding nobody waits whom it could order, so it must be `fcfs`.
    ///   - queueLimit: requests that may wait centrally.
    ///   - seed: for `powerOfTwoChoices` alone.
    public init(
        limits: AdmissionLimits, binding: Binding, choice: ReplicaChoice, order: DispatchOrder = .fcfs, queueLimit: Int,
        seed: UInt64
    ) {
        precondition(order == .fcfs || binding == .late, "early binding leaves nothing to order")
        self.order = order
        isInTimeOrder = order == .slo
        self.binding = binding
        self.choice = choice
        generator = SeededGenerator(seed: seed)
        table = ReplicaTable(limits: limits)
        queue = CentralQueue(limit: queueLimit)
        late = CentralQueue(limit: .max)
    }

    /// A request arrived. Those that wait already go first; in the order `slo` only if they can be in time.
    ///
    /// - Parameters:
    ///   - claim: the request.
    ///   - now: seconds, in the clock of the claims' deadlines; the order `slo` needs it.
    /// - Returns: where it went.
    @inlinable
    @inline(__always)
    public mutating func arrive(_ claim: RequestClaim, at now: Double = -.infinity) -> Placement {
        if isInTimeOrder { return arriveInTime(claim, at: now) }
        if queue.isEmpty, let slot = chooseReplica(for: claim) {
            table.admit(claim, to: slot)
            return .replica(slot: slot)
        }
        return queue.append(claim) ? .queued : .refused
    }

    /// The request whose turn it is, and the replica that takes it now.
    ///
    /// - Parameter now: as in `arrive`.
    /// - Returns: both; nil when nothing waits, or nobody takes that request.
    @inlinable
    @inline(__always)
    public mutating func next(at now: Double = -.infinity) -> (claim: RequestClaim, slot: Int)? {
        if isInTimeOrder { return nextInTime(at: now) }
        guard !queue.isEmpty, let slot = chooseReplica(for: queue.first) else { return nil }
        return take(slot)
    }

    /// As `next()`, when only the replica in `slot` changed since it last returned nil: no other one can have become able
    /// to take the head, so no other is looked at. The head behind it is another one: ask `next()` for that.
    @inlinable
    @inline(__always)
    public mutating func next(changed slot: Int, at now: Double = -.infinity) -> (claim: RequestClaim, slot: Int)? {
        if isInTimeOrder { return nextInTime(at: now) }
        guard !queue.isEmpty else { return nil }
        guard binding == .late else { return next() }
        return table.admits(queue.first, slot) ? take(slot) : nil
    }

    /// Puts a request back in front: the replica that had it is gone before its first token.
    public mutating func retry(_ claim: RequestClaim) {
        queue.prepend(claim)
    }

    @inlinable
    @inline(__always)
    mutating func take(_ slot: Int) -> (claim: RequestClaim, slot: Int) {
        let claim = queue.removeFirst()
        table.admit(claim, to: slot)
        lastChoice = slot
        return (claim, slot)
    }

    @inlinable
    @inline(__always)
    mutating func chooseReplica(for claim: RequestClaim) -> Int? {
        if choice == .leastOutstandingTokens {
            return binding == .late ? table.leastOutstanding(admitting: claim) : table.leastOutstanding()
        }
        return chooseOtherwise(for: claim)
    }

    // MARK: The other choices

    @usableFromInline
    mutating func chooseOtherwise(for claim: RequestClaim) -> Int? {
        switch choice {
        case .leastOutstandingTokens: preconditionFailure("decided by the caller")
        case .leastRequests: return leastRequests(for: claim)
        case .roundRobin: return roundRobin(for: claim)
        case .weightedRoundRobin: return weightedRoundRobin(for: claim)
        case .powerOfTwoChoices: return powerOfTwoChoices(for: claim)
        }
    }

    private func mayTake(_ claim: RequestClaim, _ slot: Int) -> Bool {
        binding == .late ? table.admits(claim, slot) : table[slot].isReady
    }

    private func leastRequests(for claim: RequestClaim) -> Int? {
        var best: Int?
        for slot in 0..<table.slotCount where mayTake(claim, slot) {
            if let current = best, table[current].runningRequests <= table[slot].runningRequests { continue }
            best = slot
        }
        return best
    }

    private mutating func roundRobin(for claim: RequestClaim) -> Int? {
        for step in 0..<table.slotCount {
            let slot = (lastChoice + 1 + step) % table.slotCount
            if mayTake(claim, slot) {
                lastChoice = slot
                return slot
            }
        }
        return nil
    }

    /// Smooth weighted round robin, as in NGINX: each candidate earns its weight, the richest pays for the whole round.
    private mutating func weightedRoundRobin(for claim: RequestClaim) -> Int? {
        var best: Int?
        var total = 0
        for slot in 0..<table.slotCount where mayTake(claim, slot) {
            total += table[slot].weight
            table.earn(table[slot].weight, slot)
            if let current = best, table[current].credit >= table[slot].credit { continue }
            best = slot
        }
        if let best { table.earn(-total, best) }
        return best
    }

    private mutating func powerOfTwoChoices(for claim: RequestClaim) -> Int? {
        var candidates = 0
        for slot in 0..<table.slotCount where mayTake(claim, slot) { candidates += 1 }
        guard candidates > 0 else { return nil }
        let first = candidate(Int.random(in: 0..<candidates, using: &generator), for: claim)
        let second = candidate(Int.random(in: 0..<candidates, using: &generator), for: claim)
        return table[second].outstandingTokens < table[first].outstandingTokens ? second : first
    }

    private func candidate(_ rank: Int, for claim: RequestClaim) -> Int {
        var left = rank
        for slot in 0..<table.slotCount where mayTake(claim, slot) {
            if left == 0 { return slot }
            left -= 1
        }
        preconditionFailure("candidate \(rank) of fewer")
    }
}
