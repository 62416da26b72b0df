import Testing

@testable import Policies

struct CautionFeedbackTests {
    /// Begins at 0.6; 1 % may be missed, 0.8 % is aimed at.
    private let fresh = CautionFeedback(TidewaySettings(), missShare: 0.01)

    // 1,000 requests at 10/s: 8 might have been missed, which is 0.8 s of traffic; 24 s are 1.
    @Test func caution_nothingMissed_falls() {
        var feedback = fresh
        feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(abs(feedback.caution - (0.6 - 0.8 / 24)) < 1e-9)
    }

    // 56 missed: 48 more than may be, 4.8 s of traffic.
    @Test func caution_muchMissed_risesFaster() {
        var feedback = fresh
        feedback.append(left: 1000, good: 944, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(abs(feedback.caution - 0.8) < 1e-9)
    }

    @Test func caution_asMuchMissedAsMayBe_stays() {
        var feedback = fresh
        feedback.append(left: 1000, good: 992, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(abs(feedback.caution - 0.6) < 1e-9)
    }

    @Test func caution_staysBetweenItsLimits() {
        var feedback = fresh
        feedback.append(left: 1000, good: 0, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(feedback.caution == 1)
        for _ in 0..<100 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.caution == 0)
    }

    @Test func caution_noTimeOrCountersThatFell_stays() {
        var feedback = fresh
        feedback.append(left: 10, good: 0, elapsed: 0, queueingShare: 0, maySave: true)
        feedback.append(left: -10, good: 0, elapsed: 10, queueingShare: 0, maySave: true)
        feedback.append(left: 0, good: 0, elapsed: 10, queueingShare: 0, maySave: true)
        #expect(feedback.caution == 0.6)
    }

    // After 100 s of 2,700 the fall is one twenty-seventh where all who miss have queued, and half of the rest is missing where half have.
    @Test(arguments: [(1.0, 1.0 / 27), (0.5, 0.5 + 0.5 / 27), (0.0, 1.0)])
    func caution_youngAndRequestsQueue_fallsSlowly(queueingShare: Double, part: Double) {
        var feedback = fresh
        feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: queueingShare, maySave: true)
        #expect(abs(feedback.caution - (0.6 - part * 0.8 / 24)) < 1e-9)
    }

    // 56 missed raised it to 0.8; what is above its start falls as where nothing queues.
    @Test func caution_youngAndAboveItsStart_fallsAsEver() {
        var feedback = fresh
        feedback.append(left: 1000, good: 944, elapsed: 100, queueingShare: 1, maySave: true)
        feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 1, maySave: true)
        #expect(abs(feedback.caution - (0.8 - 0.8 / 24)) < 1e-9)
    }

    @Test func caution_oldOrMissed_movesAsEver() {
        var old = fresh
        old.append(left: 992_000, good: 984_064, elapsed: 2700, queueingShare: 1, maySave: true)
        let before = old.caution
        old.append(left: 36_741, good: 36_741, elapsed: 100, queueingShare: 1, maySave: true)
        #expect(abs(before - old.caution - 0.8 / 24) < 1e-4)
        var young = fresh
        young.append(left: 1000, good: 944, elapsed: 100, queueingShare: 1, maySave: true)
        #expect(abs(young.caution - 0.8) < 1e-9)
    }

    /// As much traffic as needed, of which as much was missed as is aimed at.
    private func seasoned(_ seconds: Double) -> CautionFeedback {
        var feedback = fresh
        for _ in 0..<Int(seconds / 100) {
            feedback.append(left: 1000, good: 992, elapsed: 100, queueingShare: 0, maySave: true)
        }
        return feedback
    }

    // 24 s of traffic more than may be missed, each half hour.
    @Test func reserve_missesThatReturn_isHeldBetweenThem() {
        var feedback = seasoned(5500)
        for _ in 0..<6 {
            feedback.append(left: 1000, good: 752, elapsed: 100, queueingShare: 0, maySave: true)
            for _ in 0..<17 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        }
        // Each adds a quarter of one, and half an hour takes 17 quarters of 0.8 / 24.
        #expect(abs(feedback.reserve - 6 * 0.25 * (1 - 17 * 0.8 / 24)) < 1e-9)
        for _ in 0..<1000 { feedback.append(left: 1000, good: 0, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.reserve == CautionFeedback.reserveMax)
    }

    // The first hour and a half is new traffic: what is missed there need not last.
    @Test func reserve_newTraffic_isNone() {
        var feedback = seasoned(5000)
        feedback.append(left: 1000, good: 0, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(feedback.reserve == 0)
    }

    @Test func reserve_fewMissed_isGivenUp() {
        var feedback = seasoned(5500)
        feedback.append(left: 1000, good: 752, elapsed: 100, queueingShare: 0, maySave: true)
        for _ in 0..<100 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.reserve == 0)
    }

    // Nothing missed for hours: after 9 times 100 s caution is at half its start, and each further one is 0.8 / 96 of a saving.
    @Test func saving_nothingMissedAndLittleCaution_grows() {
        var feedback = seasoned(11_000)
        for _ in 0..<8 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.caution > 0.3 && feedback.saving == 0)
        for _ in 0..<10 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(abs(feedback.saving - 10 * 0.8 / 96) < 0.01)
        for _ in 0..<1000 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.saving == CautionFeedback.savingMax && feedback.reserve == 0)
    }

    @Test func saving_beforeThreeHours_isNone() {
        var feedback = seasoned(5500)
        for _ in 0..<50 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.caution == 0 && feedback.saving == 0)
    }

    // A quarter of one back for 24 s of traffic, and no further saved while there is caution.
    @Test func saving_misses_takeItBack() {
        var feedback = seasoned(11_000)
        for _ in 0..<200 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.saving == 1)
        feedback.append(left: 1000, good: 752, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(abs(feedback.saving - 0.75) < 1e-9 && feedback.caution == 1)
        feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true)
        #expect(abs(feedback.saving - 0.75) < 1e-9)
    }

    @Test func saving_whereAllWouldBeLate_isNone() {
        var feedback = fresh
        for _ in 0..<1000 {
            feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: false)
        }
        #expect(feedback.caution == 0 && feedback.saving == 0)
    }

    // What was saved under other conditions is given up at once.
    @Test func saving_noLongerAllowed_isGivenUp() {
        var feedback = seasoned(11_000)
        for _ in 0..<200 { feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: true) }
        #expect(feedback.saving == 1)
        feedback.append(left: 1000, good: 1000, elapsed: 100, queueingShare: 0, maySave: false)
        #expect(feedback.saving == 0)
    }
}
