import Fleet
import Testing

@testable import Policies

struct LullWatchTests {
    /// Plays rates, one each 10 s from `start` on; usual are 8, and below 2 is a lull.
    private func play(
        _ watch: inout LullWatch, from start: Double = 0, novelty: Double = 1, _ rates: [Double]
    ) -> [Double?] {
        rates.enumerated().map { index, rate in
            let now = Instant(seconds: start + Double(index) * 10)
            watch.note(rate, usual: 8, isLull: rate < 2, novelty: novelty, at: now)
            return watch.feared
        }
    }

    private func watch(feared: Double = 4) -> LullWatch { LullWatch(patience: 60, surge: 1.5, feared: feared) }

    @Test func feared_noLull_isNothing() {
        var watch = watch()
        #expect(play(&watch, [8, 7, 3, 9]) == [nil, nil, nil, nil])
    }

    @Test func feared_lull_isAMultipleOfWhatWasUsual() {
        var watch = watch()
        #expect(play(&watch, [8, 1, 0]) == [nil, 32, 32])
    }

    @Test func feared_surgeHasCome_isNothing() {
        var watch = watch()
        #expect(play(&watch, [0, 0, 12, 8]) == [32, 32, nil, nil])
    }

    // 60 s are over at the eighth note.
    @Test func feared_lullLasts_endsWithPatience() {
        var watch = watch()
        #expect(play(&watch, Array(repeating: 0, count: 8)).suffix(2) == [32, nil])
    }

    @Test func feared_surgesFollowedLulls_isWhatTheyWere() {
        var watch = watch()
        _ = play(&watch, [0, 0, 16, 16, 16, 8, 8, 8, 8])
        // Halfway from 4 to 2 times the usual.
        #expect(play(&watch, from: 90, [0]) == [24])
    }

    @Test func feared_twoLullsEndedInNothing_isNothing() {
        var watch = watch()
        _ = play(&watch, [0, 0, 0, 0, 0, 0, 0, 0, 8])
        #expect(play(&watch, from: 90, [0]) == [16])
        _ = play(&watch, from: 100, [0, 0, 0, 0, 0, 0, 8])
        #expect(play(&watch, from: 170, [0]) == [nil])
    }

    @Test func feared_trafficIsKnown_isLessAndAtLastNothing() {
        #expect(
            [1, 0.5, 0.1].map { novelty in
                var watch = watch()
                return play(&watch, novelty: novelty, [0])
            } == [[32], [20], [nil]])
    }

    // What lulls ended in is not guessed, and counts as long as they come.
    @Test func feared_trafficIsKnownAndSurgesFollowedLulls_isWhatTheyWere() {
        var watch = watch()
        _ = play(&watch, [0, 0, 16, 16, 16, 8, 8, 8, 8])
        #expect(play(&watch, from: 90, novelty: 0, [0]) == [24])
    }

    // Watched while nothing is feared: a surge brings the fear back.
    @Test func feared_surgeAfterAll_returns() {
        var watch = watch(feared: 1)
        #expect(play(&watch, [0, 0, 40, 40, 8, 8, 8, 8, 8]) == Array(repeating: nil, count: 9))
        #expect(play(&watch, from: 90, [0]) == [24])
    }
}
