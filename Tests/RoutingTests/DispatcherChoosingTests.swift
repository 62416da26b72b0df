import Routing
import Testing

/// What a gateway asks of the dispatcher besides.
struct DispatcherChoosingTests {
    private func dispatcher(
        _ choice: ReplicaChoice = .leastOutstandingTokens, ready: Int, body: (inout Dispatcher) -> Void
    ) {
        var dispatcher = Dispatcher(limits: .wide, binding: .late, choice: choice, queueLimit: 10, seed: 1)
        for order in 0..<ready { _ = dispatcher.table.openReady(startOrder: order) }
        body(&dispatcher)
        dispatcher.table.checkInvariants()
    }

    private let small = RequestClaim.sized(prompt: 1, output: 1)

    @Test func place_excluding_avoidsThem() {
        dispatcher(ready: 3) { dispatcher in
            let third = dispatcher.place(small, excluding: [0, 1])
            let none = dispatcher.place(small, excluding: [0, 1, 2])
            let readyCount = dispatcher.table.readyCount
            let first = dispatcher.place(small, excluding: [])
            #expect(third == 2 && none == nil && first == 0)
            #expect(readyCount == 3)
        }
    }

    @Test func arrive_preferring_isStableAndBoundedByLoad() {
        dispatcher(ready: 4) { dispatcher in
            guard case .replica(let preferred) = dispatcher.arrive(small, preferring: 42) else {
                Issue.record("not placed")
                return
            }
            // 1 running, 1 new: 1.25 × 2 / 4 = 0.6, rounded up to 1, which the preferred one has already.
            let next = dispatcher.arrive(small, preferring: 42)
            #expect(next != .replica(slot: preferred))
            for _ in 0..<6 { _ = dispatcher.arrive(small) }
            // 8 running and the new one: 1.25 × 9 / 4 = 2.8, so up to 3; it has 2.
            let running = dispatcher.table[preferred].runningRequests
            let last = dispatcher.arrive(small, preferring: 42)
            #expect(running == 2)
            #expect(last == .replica(slot: preferred))
        }
    }

    @Test func weightedRoundRobin_threeToOne_isSpreadEvenly() {
        dispatcher(.weightedRoundRobin, ready: 2) { dispatcher in
            dispatcher.table.setWeight(3, 0)
            let order = (0..<8).map { _ in dispatcher.arrive(small) == .replica(slot: 0) ? 0 : 1 }
            #expect(order == [0, 0, 1, 0, 0, 0, 1, 0])
        }
    }

    @Test(arguments: 0..<5)
    func queue_removal_keepsTheOrderOfTheOthers(index: Int) {
        var queue = CentralQueue(limit: 5)
        for id in 0..<5 {
            var claim = RequestClaim.sized(prompt: id + 1, output: 1)
            claim.id = UInt32(id)
            let isIn = queue.append(claim)
            #expect(isIn)
        }
        let removed = queue.remove(id: UInt32(index))
        let again = queue.remove(id: UInt32(index))
        let promptTokens = queue.promptTokens
        #expect(removed?.id == UInt32(index) && again == nil)
        #expect(promptTokens == 15 - index - 1)
        var left: [UInt32] = []
        while !queue.isEmpty { left.append(queue.removeFirst().id) }
        #expect(left == (0..<5).filter { $0 != UInt32(index) })
    }
}
