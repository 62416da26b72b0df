import Control
import Fleet
import Testing

struct SampleViewTests {
    /// A sample a second from `first` on; the n-th has `arrived[n]` arrivals so far and `running[n]` requests running.
    private func history(from first: Double = 0, arrived: [Int], running: [Int]? = nil) -> SampleHistory {
        var history = SampleHistory()
        for (offset, count) in arrived.enumerated() {
            var sample = WorkloadSample(at: Instant(seconds: first + Double(offset)))
            sample.arrivedRequests = count
            sample.runningRequests = running?[offset] ?? 0
            history.append(sample)
        }
        return history
    }

    private func view(_ history: SampleHistory, through seconds: Double = 1000) -> SampleView {
        SampleView(history, through: Instant(seconds: seconds))
    }

    private let arrivals: (WorkloadSample) -> Double = { Double($0.arrivedRequests) }
    private let running: (WorkloadSample) -> Double = { Double($0.runningRequests) }

    // MARK: Delay

    @Test(arguments: [(20.0, 5.0), (15, 0), (0, -15)])
    func fixedDelay_horizon_liesThatFarBack(now: Double, horizon: Double) {
        #expect(ObservationDelay.fixed(.seconds(15)).horizon(at: Instant(seconds: now)).seconds == horizon)
    }

    @Test(arguments: [(20.0, 20.0), (29.9, 20), (30, 30), (3, 0), (-3, -10)])
    func pushed_horizon_isTheLastMultiple(now: Double, horizon: Double) {
        #expect(ObservationDelay.pushed(every: .seconds(10)).horizon(at: Instant(seconds: now)).seconds == horizon)
    }

    @Test func view_showsNothingAfterItsHorizon() {
        let all = history(arrived: [0, 1, 2, 3, 4])
        #expect(view(all, through: 2.5).latest?.arrivedRequests == 2)
        #expect(view(all, through: 3).latest?.arrivedRequests == 3)
        #expect(view(all, through: 3).delayed(by: .seconds(2)).latest?.arrivedRequests == 1)
        #expect(view(all, through: 2).max(over: 100, of: arrivals) == 2)
    }

    @Test func observation_withinTheLimit_isAValueAndBeyondItStale() {
        let samples = history(arrived: [0, 1, 2])
        let newest = Instant(seconds: 2)
        let fresh = view(samples, through: 9.5).observation(staleAfter: .milliseconds(7500))
        #expect(fresh.isFresh)
        #expect(fresh.lastKnown?.at == newest)
        let stale = view(samples, through: 9.6).observation(staleAfter: .milliseconds(7500))
        #expect(!stale.isFresh)
        #expect(stale.lastKnown?.at == newest)
    }

    // MARK: Empty

    @Test func empty_hasNoFigures() {
        for nothing in [view(SampleHistory()), view(history(from: 10, arrived: [1, 2]), through: 9)] {
            #expect(nothing.isEmpty)
            #expect(nothing.latest == nil)
            #expect(nothing.sample(secondsAgo: 5) == nil)
            #expect(nothing.rate(over: 60, of: arrivals) == nil)
            #expect(nothing.mean(over: 60, of: arrivals) == nil)
            #expect(nothing.max(over: 60, of: arrivals) == nil)
            #expect(nothing.observation(staleAfter: .seconds(1000)) == .missing(.neverSeen))
            #expect(nothing.age == 0)
        }
    }

    // MARK: Rates

    /// Between second 3 and second 5 the counter went from 12 to 30: 18 / 2 = 9 a second.
    @Test func rate_fullWindow_isTheIncreasePerSecond() {
        let seen = view(history(arrived: [0, 1, 4, 12, 20, 30]))
        #expect(seen.rate(over: 2, of: arrivals) == 9)
        #expect(seen.rate(over: 5, of: arrivals) == 6)
        #expect(view(history(arrived: [0, 1, 4, 12, 20, 30]), through: 3).rate(over: 2, of: arrivals) == 5.5)
    }

    @Test func rate_windowLongerThanTheData_isOverWhatThereIs() {
        #expect(view(history(arrived: [10, 12, 20])).rate(over: 60, of: arrivals) == 5)
        #expect(view(history(arrived: [10, 12, 20])).age == 2)
    }

    @Test func rate_oneSample_isUnknownAndNotZero() {
        #expect(view(history(arrived: [7])).rate(over: 60, of: arrivals) == nil)
    }

    /// Samples at 0, 1 and 10: the window of 5 s reaches back to 5, so it starts at the newest one before, at 1.
    @Test func rate_samplesMissing_isOverTheSecondsThatPassed() {
        var gappy = history(arrived: [0, 9])
        var late = WorkloadSample(at: Instant(seconds: 10))
        late.arrivedRequests = 99
        gappy.append(late)
        #expect(view(gappy).rate(over: 5, of: arrivals) == 10)
        #expect(view(gappy).sample(secondsAgo: 5)?.at.seconds == 1)
    }

    // MARK: Gauges

    /// Latest at 5: a window of 3 s holds the samples at 3, 4 and 5, and no longer the one at 2.
    @Test func mean_window_excludesItsOlderEnd() {
        let seen = view(history(arrived: [0, 0, 0, 0, 0, 0], running: [100, 100, 100, 1, 2, 6]))
        #expect(seen.mean(over: 3, of: running) == 3)
        #expect(seen.mean(over: 1, of: running) == 6)
        #expect(seen.mean(over: 4, of: running) == 27.25)
    }

    @Test func mean_partialWindow_isOfWhatThereIs() {
        #expect(view(history(arrived: [0, 0], running: [4, 8])).mean(over: 60, of: running) == 6)
    }

    @Test func max_window_isTheLargestInIt() {
        let seen = view(history(arrived: [0, 0, 0, 0], running: [9, 3, 5, 4]))
        #expect(seen.max(over: 3, of: running) == 5)
        #expect(seen.max(over: 4, of: running) == 9)
        #expect(seen.max(over: 3, of: { -running($0) }) == -3)
    }

    @Test func forEach_visitsOldestFirst() {
        var visited: [Double] = []
        view(history(arrived: [0, 0, 0, 0])).forEach(over: 2.5) { visited.append($0.at.seconds) }
        #expect(visited == [1, 2, 3])
    }

    @Test func windows_endAtTheNewestSample_notAtTheHorizon() {
        let seen = view(history(arrived: [0, 0, 0], running: [1, 2, 3]), through: 60)
        #expect(seen.mean(over: 1, of: running) == 3)
    }
}
