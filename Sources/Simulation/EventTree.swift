/// The next event time of each slot in a winner tree: the earliest of all at the root, ties to the lowest slot.
///
/// Setting a time costs one comparison a level and has no branch that depends on the times.
package struct EventTree: ~Copyable {
    private var leafCount: Int
    /// `nodes[1]` is the root, the children of i are 2i and 2i + 1, slot s is leaf `leafCount + s`.
    private var nodes: UnsafeMutablePointer<Double>

    package init() {
        leafCount = 8
        nodes = .allocate(capacity: 16)
        nodes.initialize(repeating: .infinity, count: 16)
    }

    deinit {
        nodes.deallocate()
    }

    /// The earliest time; infinite when there is none.
    @inline(__always)
    package var earliest: Double { nodes[1] }

    /// The lowest slot with the earliest time.
    @inline(__always)
    package var earliestSlot: Int {
        let earliest = nodes[1]
        var node = 1
        while node < leafCount {
            node *= 2
            node += nodes[node] == earliest ? 0 : 1
        }
        return node - leafCount
    }

    /// - Parameter slot: 0 or more; times of slots that were never set are infinite.
    package func time(of slot: Int) -> Double { slot < leafCount ? nodes[leafCount + slot] : .infinity }

    /// Sets a slot's time: O(log slots).
    @inline(__always)
    package mutating func set(_ slot: Int, _ time: Double) {
        if slot >= leafCount { grow(toHold: slot) }
        var node = leafCount + slot
        nodes[node] = time
        while node > 1 {
            let left = nodes[node & ~1]
            let right = nodes[node | 1]
            node /= 2
            nodes[node] = right < left ? right : left
        }
    }

    private mutating func grow(toHold slot: Int) {
        let old = EventTree.copy(nodes + leafCount, count: leafCount)
        nodes.deallocate()
        while leafCount <= slot { leafCount *= 2 }
        nodes = .allocate(capacity: leafCount * 2)
        nodes.initialize(repeating: .infinity, count: leafCount * 2)
        for (slot, time) in old.enumerated() { set(slot, time) }
    }

    private static func copy(_ start: UnsafeMutablePointer<Double>, count: Int) -> [Double] {
        Array(UnsafeBufferPointer(start: start, count: count))
    }
}
