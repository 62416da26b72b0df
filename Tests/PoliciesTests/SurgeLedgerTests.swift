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
    func factor_isTheCheapest(value: Double, factor: Double) {
        #expect(abs(ledger().cheapestFactor(value: value) / factor - 1) < 0.06)
    }

    // A pool of f lets 10 (3 - f) be late: 13 (a tenth) at 1.7, 6.5 (a twentieth) at 2.35.
    @Test(arguments: [(0.1, 1.7), (0.05, 2.35), (0.2, 1)])
    func factor_isTheLeastThatKeepsTheShare(share: Double, factor: Double) {
        #expect(abs(ledger().factor(lateShare: share) - factor) < 1e-6)
    }

    // Who waits behind the late is late too.
    @Test func factor_firstComeFirstServed_isLarger() {
        #expect(ledger(passesLate: false).factor(lateShare: 0.05) > 2.4)
    }

    @Test func factor_patience_lowersIt() {
        #expect(ledger(patience: 2).factor(lateShare: 0.05) < 2.3)
        #expect(ledger(patience: 2).cheapestFactor(value: 100) < 3)
    }

    // The forecast had ordered 3: nothing is left to hold head-room for.
    @Test func factor_surgeWasForeseen_isOne() {
        #expect(ledger(planned: 3.01).cheapestFactor(value: 100) == 1)
    }

    @Test func factor_nothingKnown_isOne() {
        #expect(SurgeLedger(memorySeconds: 1800, patience: 1, passesLate: true).cheapestFactor(value: 100) == 1)
        #expect(SurgeLedger(memorySeconds: 1800, patience: 1, passesLate: true).factor(lateShare: 0.01) == 1)
    }

    @Test func factor_longAgo_fades() {
        var ledger = SurgeLedger(memorySeconds: 600, patience: 0, passesLate: true)
        for _ in 0..<10 { ledger.append(.init(work: 3, seconds: 1, expected: 1, planned: 0)) }
        let fresh = ledger.cheapestFactor(value: 100)
        for _ in 0..<3600 { ledger.append(.init(work: 1, seconds: 1, expected: 1, planned: 0)) }
        #expect(fresh > 2.8)
        #expect(ledger.cheapestFactor(value: 100) == 1)
    }

    // A minute without samples, then all of it at once: that says nothing of how it came.
    @Test func gap_isNoSurge() {
        var ledger = ledger()
        let before = ledger.cheapestFactor(value: 100)
        ledger.append(.init(work: 600, seconds: 60, expected: 1, planned: 0))
        #expect(ledger.cheapestFactor(value: 100) == before)
    }
}
