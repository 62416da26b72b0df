/// The replicas of one variant as the router sees them: flat arrays, one entry a slot, no allocation on the request path.
///
/// A slot belongs to a replica from its start order until it stops; the lowest free one is reused first. Three arrays hold
/// what admission compares, folded so that one comparison each decides; a scan looks at eight slots at a time.
public struct ReplicaTable: ~Copyable {
    /// Slots looked at in one step of a scan.
    @usableFromInline static let lanes = 8
    /// Ticks in the first backlog limit: sums of whole ticks do not drift as sums of seconds would.
    static let ticksPerLimit = 1 << 30

    /// The part of a slot that a scan does not need.
    public struct Slot: Sendable {
        /// Whether a replica owns the slot.
        public var isOpen = false
        /// Whether it takes requests.
        public var isReady = false
        /// Admitted or bound, and unfinished.
        public var runningRequests = 0
        /// Memory of those requests, in tokens.
        public var reservedTokens = 0
        /// Those of them whose prefill is not done.
        public var prefillRequests = 0
        /// The prefill work of those, in ticks.
        public var prefillTicks = 0
        /// `reservedTokens`, plus the uncached tokens of those not yet prefilled.
        public var outstandingTokens = 0
        /// For the order `slo` alone: prefill taken in beyond what its iterations had room for, in seconds, as of `debtTime`.
        public internal(set) var debtSeconds = 0.0
        /// See `debtSeconds`.
        public internal(set) var debtTime = 0.0
        /// Higher is newer: the order of the start orders.
        public var startOrder = 0
        /// For weighted round robin alone: the relative share, and what was earned of it.
        public var weight = 1
        /// See `weight`.
        public var credit = 0
    }

    /// What each replica admits.
    public private(set) var limits: AdmissionLimits
    @usableFromInline let ticksPerSecond: Double
    /// The backlog limit in ticks.
    @usableFromInline private(set) var backlogTicks = ReplicaTable.ticksPerLimit
    /// Slots in use or once used: scans go up to here.
    public private(set) var slotCount = 0
    /// Replicas that take requests.
    public private(set) var readyCount = 0
    /// No slot below this one is free.
    private var lowestFree = 0
    @usableFromInline private(set) var capacity: Int
    @usableFromInline private(set) var slots: UnsafeMutablePointer<Slot>
    /// Largest reservation that the slot admits; -1 when it admits nothing.
    @usableFromInline private(set) var memoryRoom: UnsafeMutablePointer<SIMD8<Int32>>
    /// Largest prefill work that the slot admits, in ticks.
    @usableFromInline private(set) var backlogRoom: UnsafeMutablePointer<SIMD8<Int32>>
    /// Outstanding tokens, at most `Int32.max - 1`; `Int32.max` for a slot that is not ready.
    @usableFromInline private(set) var load: UnsafeMutablePointer<SIMD8<Int32>>

    /// A table without replicas.
    public init(limits: AdmissionLimits) {
        self.limits = limits
        ticksPerSecond =
            limits.backlogSeconds > 0 ? Double(ReplicaTable.ticksPerLimit) / limits.backlogSeconds : .infinity
        capacity = 64
        slots = .allocate(capacity: capacity)
        memoryRoom = .allocate(capacity: capacity / ReplicaTable.lanes)
        backlogRoom = .allocate(capacity: capacity / ReplicaTable.lanes)
        load = .allocate(capacity: capacity / ReplicaTable.lanes)
        initializeLanes(from: 0)
    }

    deinit {
        slots.deallocate()
        memoryRoom.deallocate()
        backlogRoom.deallocate()
        load.deallocate()
    }

    // MARK: Life of a slot

    /// Gives the lowest free slot to a new replica, which is not ready yet; a higher start order is newer.
    public mutating func open(startOrder: Int) -> Int {
        var slot = lowestFree
        while slot < slotCount, slots[slot].isOpen { slot += 1 }
        if slot == capacity { grow() }
        lowestFree = slot + 1
        slotCount = max(slotCount, slot + 1)
        slots[slot] = Slot()
        slots[slot].isOpen = true
        slots[slot].startOrder = startOrder
        refresh(slot)
        return slot
    }

    /// The replica takes requests from now on.
    public mutating func markReady(_ slot: Int) {
        precondition(slots[slot].isOpen && !slots[slot].isReady, "slot \(slot) cannot become ready")
        slots[slot].isReady = true
        readyCount += 1
        refresh(slot)
    }

    /// The replica takes nothing new from now on.
    public mutating func beginDrain(_ slot: Int) {
        precondition(slots[slot].isReady, "slot \(slot) is not ready, so it cannot drain")
        slots[slot].isReady = false
        readyCount -= 1
        refresh(slot)
    }

    /// The replica is gone, with whatever it had.
    public mutating func close(_ slot: Int) {
        precondition(slots[slot].isOpen, "slot \(slot) is not open")
        if slots[slot].isReady { readyCount -= 1 }
        slots[slot] = Slot()
        lowestFree = min(lowestFree, slot)
        refresh(slot)
        while slotCount > 0, !slots[slotCount - 1].isOpen { slotCount -= 1 }
    }

    /// The relative share of the replica in weighted round robin, at least 1.
    public mutating func setWeight(_ weight: Int, _ slot: Int) {
        precondition(weight >= 1, "a weight is at least 1")
        slots[slot].weight = weight
    }

    /// Changes what each replica admits; requests that it has stay, even those that it would not admit any more.
    ///
    /// The ticks stay as long as they were, and an entry has 31 bits: a longer backlog limit counts up to twice the first one.
    public mutating func setLimits(_ limits: AdmissionLimits) {
        self.limits = limits
        if ticksPerSecond.isFinite {
            backlogTicks = Int(min(limits.backlogSeconds * ticksPerSecond, Double(Int32.max) - 1))
        }
        for slot in 0..<slotCount { refresh(slot) }
    }

    mutating func setDebt(_ seconds: Double, _ slot: Int, at now: Double) {
        slots[slot].debtSeconds = seconds
        slots[slot].debtTime = now
    }

    mutating func earn(_ credit: Int, _ slot: Int) { slots[slot].credit += credit }

    /// - Parameter slot: 0 ..< slotCount.
    @inlinable
    @inline(__always)
    public subscript(_ slot: Int) -> Slot { slots[slot] }

    // MARK: Life of a request

    /// The request is the replica's: admitted (late binding) or bound (early binding).
    @inlinable
    @inline(__always)
    public mutating func admit(_ claim: RequestClaim, to slot: Int) {
        let entry = slots + slot
        entry.pointee.runningRequests += 1
        entry.pointee.reservedTokens += Int(claim.reservedTokens)
        entry.pointee.prefillRequests += 1
        entry.pointee.prefillTicks += Int(claim.prefillTicks)
        entry.pointee.outstandingTokens += Int(claim.reservedTokens) + Int(claim.uncachedTokens)
        refresh(slot)
    }

    /// The request's prefill is done: its first token is out.
    @inlinable
    @inline(__always)
    public mutating func finishPrefill(uncachedTokens: Int, prefillTicks: Int, on slot: Int) {
        let entry = slots + slot
        entry.pointee.prefillRequests -= 1
        entry.pointee.prefillTicks -= prefillTicks
        entry.pointee.outstandingTokens -= uncachedTokens
        refresh(slot)
    }

    /// The request's last token is out.
    @inlinable
    @inline(__always)
    public mutating func finish(reservedTokens: Int, on slot: Int) {
        let entry = slots + slot
        entry.pointee.runningRequests -= 1
        entry.pointee.reservedTokens -= reservedTokens
        entry.pointee.outstandingTokens -= reservedTokens
        refresh(slot)
    }

    /// Prefill work in ticks, saturated: work above twice the backlog limit fits no occupied replica anyway.
    @inlinable
    @inline(__always)
    public func ticks(prefillSeconds: Double) -> Int32 {
        prefillSeconds > 0 ? Int32(min(prefillSeconds * ticksPerSecond, Double(Int32.max))) : 0
    }

    // MARK: Folded entries

    /// Folds a slot's state into the three numbers that a scan compares.
    @inlinable
    @inline(__always)
    mutating func refresh(_ slot: Int) {
        let entry = slots[slot]
        let accepts = entry.isReady && entry.runningRequests < limits.maxBatch
        let free = max(limits.kvTokens - entry.reservedTokens, -1)
        let room = entry.runningRequests == 0 ? Int(Int32.max) : min(free, Int(Int32.max))
        set(memoryRoom, slot, accepts ? Int32(truncatingIfNeeded: room) : -1)
        let backlog = max(backlogTicks - entry.prefillTicks, -1)
        set(backlogRoom, slot, entry.prefillRequests == 0 ? .max : Int32(truncatingIfNeeded: backlog))
        let tokens = Int32(truncatingIfNeeded: min(entry.outstandingTokens, Int(Int32.max) - 1))
        set(load, slot, entry.isReady ? tokens : .max)
    }

    @inlinable
    @inline(__always)
    func set(_ array: UnsafeMutablePointer<SIMD8<Int32>>, _ slot: Int, _ value: Int32) {
        UnsafeMutableRawPointer(array).assumingMemoryBound(to: Int32.self)[slot] = value
    }

    private mutating func initializeLanes(from first: Int) {
        for slot in first..<capacity { (slots + slot).initialize(to: Slot()) }
        for group in first / ReplicaTable.lanes..<capacity / ReplicaTable.lanes {
            memoryRoom[group] = SIMD8(repeating: -1)
            backlogRoom[group] = SIMD8(repeating: .max)
            load[group] = SIMD8(repeating: .max)
        }
    }

    private mutating func grow() {
        let old = capacity
        capacity *= 2
        slots = moved(slots, count: old, capacity: capacity)
        memoryRoom = moved(memoryRoom, count: old / ReplicaTable.lanes, capacity: capacity / ReplicaTable.lanes)
        backlogRoom = moved(backlogRoom, count: old / ReplicaTable.lanes, capacity: capacity / ReplicaTable.lanes)
        load = moved(load, count: old / ReplicaTable.lanes, capacity: capacity / ReplicaTable.lanes)
        initializeLanes(from: old)
    }

    private func moved<Element>(
        _ pointer: UnsafeMutablePointer<Element>, count: Int, capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        larger.moveInitialize(from: pointer, count: count)
        pointer.deallocate()
        return larger
    }
}

extension ReplicaTable {
    /// Sums that must hold after every change; called by simulations of debug builds and by tests.
    public func checkInvariants() {
        var ready = 0
        for index in 0..<slotCount {
            let slot = slots[index]
            ready += slot.isReady ? 1 : 0
            precondition(slot.isOpen || !slot.isReady, "slot \(index) is ready but has no replica")
            precondition(
                slot.runningRequests >= 0 && slot.prefillRequests >= 0 && slot.prefillRequests <= slot.runningRequests,
                "slot \(index) counts \(slot.prefillRequests) prompts in \(slot.runningRequests) requests")
            precondition(slot.outstandingTokens >= slot.reservedTokens, "slot \(index) owes less than it reserves")
            precondition(
                slot.runningRequests > 0 || slot.outstandingTokens == 0, "slot \(index) is empty but owes tokens")
        }
        precondition(ready == readyCount, "\(ready) slots are ready, \(readyCount) counted")
    }
}
