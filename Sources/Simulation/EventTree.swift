/// The next event time of each slot in a winner tree: the earliest of all at the root, ties to the lowest slot.
///
/// The tree holds integer keys that sort as the times do, with the slot in place of their lowest bits, so that a level costs
/// one minimum and no branch. Times that differ by less than those bits say (of 64 slots, 64 units in the last place: some
/// 10^-11 s after an hour) count as equal.
package struct EventTree: ~Copyable {
    private var leafCount: Int
    private var slotMask: UInt64
    /// `keys[1]` is the root, the children of i are 2i and 2i + 1, slot s is leaf `leafCount + s`.
    private var keys: UnsafeMutablePointer<UInt64>
    /// Exact, by slot.
    private var times: UnsafeMutablePointer<Double>

    package init() {
        leafCount = 8
        slotMask = 7
        keys = .allocate(capacity: 2 * leafCount)
        times = .allocate(capacity: leafCount)
        clear()
    }

    deinit {
        keys.deallocate()
        times.deallocate()
    }

    /// The slot with the earliest time.
    @inline(__always)
    package var earliestSlot: Int { Int(truncatingIfNeeded: keys[1] & slotMask) }

    /// The earliest time; infinite when there is none.
    @inline(__always)
    package var earliest: Double { times[earliestSlot] }

    /// A slot's time; infinite when it was never set.
    @inline(__always)
    package func time(of slot: Int) -> Double { slot < leafCount ? times[slot] : .infinity }

    /// Sets a slot's time: O(log slots).
    @inline(__always)
    package mutating func set(_ slot: Int, _ time: Double) {
        if slot >= leafCount { grow(toHold: slot) }
        times[slot] = time
        var node = leafCount &+ slot
        var winner = key(time, slot)
        keys[node] = winner
        // Only the sibling is read: what was just written would be slow to read back.
        while node > 1 {
            winner = min(winner, keys[node ^ 1])
            node &>>= 1
            keys[node] = winner
        }
    }

    /// The bits of a float sort as it does once the sign is turned over, and all of them for negative ones.
    @inline(__always)
    private func key(_ time: Double, _ slot: Int) -> UInt64 {
        let bits = time.bitPattern
        let flip = UInt64(bitPattern: Int64(bitPattern: bits) &>> 63) | 1 << 63
        return (bits ^ flip) & ~slotMask | UInt64(truncatingIfNeeded: slot)
    }

    private func clear() {
        for slot in 0..<leafCount {
            (times + slot).initialize(to: .infinity)
            (keys + leafCount + slot).initialize(to: key(.infinity, slot))
        }
        for node in stride(from: leafCount - 1, through: 0, by: -1) {
            (keys + node).initialize(to: keys[max(2 * node, 1)])
        }
    }

    private mutating func grow(toHold slot: Int) {
        let old = Array(UnsafeBufferPointer(start: times, count: leafCount))
        keys.deallocate()
        times.deallocate()
        while leafCount <= slot { leafCount *= 2 }
        slotMask = UInt64(leafCount - 1)
        keys = .allocate(capacity: 2 * leafCount)
        times = .allocate(capacity: leafCount)
        clear()
        for (slot, time) in old.enumerated() { set(slot, time) }
    }
}
