import Routing
import Sampling
import Testing

struct CentralQueueTests {
    private func claim(_ id: Int) -> RequestClaim { .sized(id, prompt: id, output: 1, uncached: id / 2) }

    private func drained(_ queue: inout CentralQueue) -> [UInt32] {
        var ids: [UInt32] = []
        while !queue.isEmpty { ids.append(queue.removeFirst().id) }
        return ids
    }

    @Test func requests_leaveInTheOrderTheyCame() {
        var queue = CentralQueue(limit: 10)
        for id in 1...5 { #expect(queue.append(claim(id)) == true) }
        #expect(queue.first.id == 1)
        #expect(queue.count == 5)
        #expect(drained(&queue) == [1, 2, 3, 4, 5])
        #expect(queue.isEmpty == true)
    }

    @Test func limit_reached_refusesUntilOneLeaves() {
        var queue = CentralQueue(limit: 2)
        #expect(queue.append(claim(1)) == true)
        #expect(queue.append(claim(2)) == true)
        #expect(queue.append(claim(3)) == false)
        #expect(queue.count == 2)
        _ = queue.removeFirst()
        #expect(queue.append(claim(4)) == true)
        #expect(drained(&queue) == [2, 4])
    }

    @Test func prepend_goesInFront_evenBeyondTheLimit() {
        var queue = CentralQueue(limit: 1)
        #expect(queue.append(claim(1)) == true)
        queue.prepend(claim(2))
        queue.prepend(claim(3))
        #expect(queue.count == 3)
        #expect(queue.append(claim(4)) == false)
        #expect(drained(&queue) == [3, 2, 1])
    }

    @Test func tokens_areThoseOfTheRequestsThatWait() {
        var queue = CentralQueue(limit: 10)
        for id in [10, 20, 30] { _ = queue.append(claim(id)) }
        queue.prepend(claim(40))
        #expect(queue.promptTokens == 100)
        #expect(queue.uncachedTokens == 50)
        _ = queue.removeFirst()
        #expect(queue.promptTokens == 60)
        _ = drained(&queue)
        #expect(queue.promptTokens == 0)
        #expect(queue.uncachedTokens == 0)
    }

    /// The ring starts with 64 places: here it is full with its head in the middle, so growing must unroll it.
    @Test func growth_acrossTheEdgeOfTheRing_keepsTheOrder() {
        var queue = CentralQueue(limit: 1000)
        for id in 0..<40 { _ = queue.append(claim(id)) }
        for _ in 0..<40 { _ = queue.removeFirst() }
        for id in 100..<300 { _ = queue.append(claim(id)) }
        #expect(queue.count == 200)
        #expect(drained(&queue) == Array(100..<300))
    }

    @Test func growth_byPrependAtTheStartOfTheRing_keepsTheOrder() {
        var queue = CentralQueue(limit: 1000)
        for id in 0..<64 { _ = queue.append(claim(id)) }
        for id in 64..<200 { queue.prepend(claim(id)) }
        #expect(drained(&queue) == Array((64..<200).reversed()) + Array(0..<64))
    }

    /// Property: a ring behaves as a list.
    @Test(arguments: UInt64(1)...10)
    func queue_anyOperations_equalAList(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = CentralQueue(limit: 150)
        var list: [RequestClaim] = []
        for id in 0..<3000 {
            switch Int.random(in: 0..<(id % 1000 < 500 ? 10 : 16), using: &generator) {
            case 0..<6:
                let isAccepted = queue.append(claim(id))
                #expect(isAccepted == (list.count < 150), "seed \(seed), operation \(id)")
                if isAccepted { list.append(claim(id)) }
            case 6:
                queue.prepend(claim(id))
                list.insert(claim(id), at: 0)
            default:
                guard !list.isEmpty else { continue }
                #expect(queue.removeFirst() == list.removeFirst(), "seed \(seed), operation \(id)")
            }
            #expect(queue.count == list.count)
            #expect(queue.promptTokens == list.reduce(0) { $0 + Int($1.promptTokens) })
        }
    }
}
