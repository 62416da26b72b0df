/// What the replicas of a run cost: seconds from the start order until stopped, clipped to the measured period, and what of
/// them was start-up, busy, and decoding (reference plant, sections 3 and 5).
struct Bill {
    let from: Double
    let until: Double
    private(set) var billedSeconds = 0.0
    private(set) var startUpSeconds = 0.0
    private(set) var busySeconds = 0.0
    private(set) var sequenceSeconds = 0.0
    private var isClosed = false

    init(from: Double, until: Double) {
        self.from = from
        self.until = until
    }

    /// A replica stopped, or the measured period ended.
    mutating func settle(_ slot: PlantSlot, accounts: (busySeconds: Double, sequenceSeconds: Double), at now: Double) {
        guard !isClosed, now > from else { return }
        billedSeconds += clipped(slot.orderedAt, now)
        busySeconds += accounts.busySeconds - slot.busyBefore
        sequenceSeconds += accounts.sequenceSeconds - slot.sequencesBefore
    }

    /// A start-up ended, well or not, or the measured period did.
    mutating func endStartUp(orderedAt: Double, at now: Double) {
        guard !isClosed else { return }
        startUpSeconds += clipped(orderedAt, now)
    }

    mutating func close() { isClosed = true }

    private func clipped(_ start: Double, _ end: Double) -> Double {
        max(min(end, until) - max(start, from), 0)
    }
}
