import Foundation
import Testing

@testable import Policies

struct SurgeLedgerTests {
    /// 100 s at 1 steady replica, which was expected, then 10 s at 3: of 130 replica-seconds, with patience 0.
    private func ledger(passesLate: Bool = true, planned: Double = 0, patience: Double = 0) -> SurgeLedger {
        var ledger = SurgeLedger(memorySeconds: 1e9, patience: patience, passesLate: passesLate)
        for second in 0..<110 {
            ledger.append(
                SurgeLedger.Arrival(work: second < 100 ? 1 : 3, seconds: 1, expected: 1, planned: planned))
        }
        return ledger
    }

    // A pool of f lets 10 (3 - f) be late and takes 110 f: below a value of 11 it is never worth it, above 11 up to 3.
    @Test(arguments: [(5, 1), (10.9, 1), (11.1, 2.9), (100, 3.1)])
    func reserve_isTheCheapest(value: Double, factor: Double) {
        #expect(abs(ledger().cheapest(value: value).replicas(1) / factor - 1) < 0.08)
    }

    // A pool of f lets 10 (3 - f) be late: 13 (a tenth) at 1.7, 6.5 (a twentieth) at 2.35.
    @Test(arguments: [(0.1, 1.7), (0.05, 2.35), (0.2, 1)])
    func reserve_isTheLeastThatKeepsTheShare(share: Double, factor: Double) {
        #expect(abs(ledger().least(lateShare: share).replicas(1) - factor) < 1e-6)
    }

    // Who waits behind the late is late too.
    @Test func reserve_firstComeFirstServed_isLarger() {
        #expect(ledger(passesLate: false).least(lateShare: 0.05).replicas(1) > 2.4)
    }

    @Test func reserve_patience_lowersIt() {
        #expect(ledger(patience: 2).least(lateShare: 0.05).replicas(1) < 2.3)
        #expect(ledger(patience: 2).cheapest(value: 100).replicas(1) < 3)
    }

    // The forecast had ordered 3: nothing is left to hold head-room for.
    @Test func reserve_surgeWasForeseen_isNone() {
        #expect(ledger(planned: 3.01).cheapest(value: 100) == SurgeReserve())
    }

    @Test func reserve_nothingKnown_isNone() {
        let ledger = SurgeLedger(memorySeconds: 1800, patience: 1, passesLate: true)
        #expect(ledger.cheapest(value: 100) == SurgeReserve())
        #expect(ledger.least(lateShare: 0.01) == SurgeReserve())
    }

    @Test func reserve_longAgo_fades() {
        var ledger = SurgeLedger(memorySeconds: 600, patience: 0, passesLate: true)
        for _ in 0..<10 { ledger.append(.init(work: 3, seconds: 1, expected: 1, planned: 0)) }
        let fresh = ledger.cheapest(value: 100).replicas(1)
        for _ in 0..<3600 { ledger.append(.init(work: 1, seconds: 1, expected: 1, planned: 0)) }
        #expect(fresh > 2.8)
        #expect(ledger.cheapest(value: 100) == SurgeReserve())
    }

    // A minute without samples, then all of it at once: that says nothing of how it came.
    @Test func gap_isNoSurge() {
        var ledger = ledger()
        let before = ledger.cheapest(value: 100)
        ledger.append(.init(work: 600, seconds: 60, expected: 1, planned: 0))
        #expect(ledger.cheapest(value: 100) == before)
    }

    // A surge to 2.35 over 1 that was expected: 1.09 roots beyond 1.26 times that. Of 4 expected it adds 2.17, and not 4.35.
    @Test func reserve_moreIsExpected_growsByTheRoot() {
        let multiple = 1.06 * 1.06 * 1.06 * 1.06
        let reserve = ledger().least(lateShare: 0.05)
        #expect(abs(reserve.replicas(4) - (4 * multiple + 2 * (2.35 - multiple))) < 1e-6)
    }

    // What lags by a tenth does so by a tenth of whatever comes: the pool of 1.06 x 1.06 is the first in which nothing is late.
    @Test func reserve_small_isAShare() {
        var ledger = SurgeLedger(memorySeconds: 1e9, patience: 0, passesLate: true)
        for _ in 0..<100 { ledger.append(.init(work: 1.1, seconds: 1, expected: 1, planned: 0)) }
        let reserve = ledger.least(lateShare: 1e-9)
        #expect(abs(reserve.replicas(100) - 112.36) < 1e-3)
    }

    // What an earlier version remembered with fewer pools is refused, and no pool is taken for another.
    @Test func decoded_otherPools_isRefused() throws {
        let encoded = try JSONEncoder().encode(ledger())
        #expect(try JSONDecoder().decode(SurgeLedger.self, from: encoded) == ledger())
        var object = try #require(JSONSerialization.jsonObject(with: encoded) as? [String: Any])
        object["pools"] = try #require(object["pools"] as? [Any]).dropLast().map { $0 }
        let other = try JSONSerialization.data(withJSONObject: object)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SurgeLedger.self, from: other) }
    }

    @Test func reserves_growAndCoverWhatHappens() {
        for expected in [0.01, 1, 100] {
            let sizes = SurgeLedger.reserves.map { $0.replicas(expected) }
            #expect(sizes[0] == expected)
            #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 })
            #expect(sizes[sizes.count - 1] > 10 * expected)
        }
    }
}
