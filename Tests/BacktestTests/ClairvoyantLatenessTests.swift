import Sampling
import Testing

@testable import Backtest

@Suite struct ClairvoyantLatenessTests {
    private func demand(_ arrivals: [(time: Double, work: Double)], patience: Double = 1) -> ClairvoyantDemand {
        ClairvoyantDemand(arrivals.map { .init(time: $0.time, work: $0.work, patience: patience) })
    }

    /// A request of one second's work every two seconds, and at 10 s six at once.
    private var burst: ClairvoyantDemand {
        let steady = (0..<10).map { (time: Double($0) * 2 + 0.5, work: 1.0) }
        let peak = (0..<6).map { _ in (time: 10.1, work: 1.0) }
        return demand((steady + peak).sorted { $0.time < $1.time })
    }

    @Test func lateRequests_areWorthAStart_orNot() throws {
        let table = try #require(LateTable(burst, start: 0, width: 1))
        // Alone, 4 of the 6 wait for more than a second, and those after them too.
        #expect(table.cheapest(price: 0.5, start: 5) == [Int](repeating: 1, count: 19))
        let counts = table.cheapest(price: 1000, start: 5)
        // With five, the sixth waits for exactly 5 / 5 = 1 s.
        #expect(counts[10] == 5)
        #expect(counts[9] == 1)
        // What a fleet of one had left waiting would last to the end.
        #expect(counts[18] == 2)
    }

    @Test func gap_isBridgedWhereAStartCostsMore() throws {
        let twice = demand([(0.1, 3), (0.1, 3), (20.1, 3), (20.1, 3), (60.5, 0.1)])
        let table = try #require(LateTable(twice, start: 0, width: 1))
        #expect(table.cheapest(price: 1000, start: 30)[10] == 3)
        #expect(table.cheapest(price: 1000, start: 15)[10] == 1)
    }

    @Test func table_thatWouldBeTooLarge_isNotMade() {
        #expect(LateTable(burst, start: 0, width: 1e-6) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func addedLateness_isTheDifferenceOfTwoWholeQueues(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var time = 0.0
        let arrivals = (0..<300).map { _ in
            time += generator.exponential(mean: 0.2)
            return (time: time, work: Double.random(in: 0.1...0.7, using: &generator))
        }
        let demand = demand(arrivals)
        let counts = (0...Int(time)).map { _ in Int.random(in: 1...4, using: &generator) }
        let first = Int.random(in: 0..<counts.count - 5, using: &generator)
        let bins = first..<first + 5
        let fewer = counts.indices.map { bins.contains($0) ? 1 : counts[$0] }
        let added = FluidQueue(demand, counts: counts, start: 0, width: 1).added(in: bins) { _ in 1 }
        let nothing = { (counts: [Int]) in
            FluidQueue(demand, counts: counts, start: 0, width: 1).added(in: 0..<counts.count) { _ in 1 }
        }
        // Both come to the same when all is cut.
        #expect(added == nothing(counts) - nothing(fewer))
    }

    @Test func cuts_begin_withWhatSavesMostForALateRequest() throws {
        // The second level is needed for the burst at 10 s, and for nothing from 30 s on.
        var counts = [Int](repeating: 1, count: 60)
        for bin in 10..<13 { counts[bin] = 5 }
        for bin in 30..<50 { counts[bin] = 2 }
        let queue = FluidQueue(burst, counts: counts, start: 0, width: 1)
        let cuts = ClairvoyantCuts(counts, others: [], queue: queue, width: 1, startSeconds: 60)
        let free = try #require((0...cuts.count).last { cuts.apply(0..<$0, to: counts)[10] == 5 })
        #expect(cuts.apply(0..<free, to: counts)[30..<50].allSatisfy { $0 == 1 })
        #expect(cuts.apply(0..<cuts.count, to: counts) == [Int](repeating: 1, count: 60))
    }

    @Test func cuts_takeOverStretchesOfOtherSchedules() {
        let counts = [1, 3, 3, 1]
        let queue = FluidQueue(demand([(0.5, 0.1), (3.5, 0.1)]), counts: counts, start: 0, width: 1)
        let cuts = ClairvoyantCuts(counts, others: [[2, 1, 2, 1]], queue: queue, width: 1, startSeconds: 60)
        #expect((0..<cuts.count).contains { cuts.apply($0..<$0 + 1, to: counts) == [1, 1, 2, 1] })
    }

    @Test func series_keepsItsCounts() {
        #expect(ReplicaSeries([1, 1, 4, 4, 4, 2]).counts == [1, 1, 4, 4, 4, 2])
        #expect(ReplicaSeries([]).counts == [])
    }
}
