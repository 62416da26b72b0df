import Backtest
import Control
import Fleet
import Reports
import Simulation
import Testing

@Suite struct WorstHourTests {
    /// Three hours in points of ten minutes, one request per second.
    private func run(good: [Double]) -> BacktestRun {
        var run = BacktestRun(
            trace: "a", policy: "b", isTuned: false, knob: 1, seed: 1, outcome: SimulationOutcome(), cost: 0)
        run.timeline = good.enumerated().map { offset, ratio in
            var point = TimelinePoint(
                start: Double(offset) * 600, arrivalRate: 1, workRate: 1, desired: 1, current: 1, ready: 1, queued: 0,
                running: 0)
            point.goodRatio = ratio
            return point
        }
        return run
    }

    @Test func worstHour_oneBadStretch_isInside() throws {
        var good = [Double](repeating: 1, count: 18)
        good[8] = 0.5
        good[12] = 0
        let hour = try #require(WorstHour(of: run(good: good)))
        // 300 and 600 requests missed; the first hour that holds both begins at point 7.
        #expect(hour.missed.isApproximatelyEqual(to: 900))
        #expect(hour.start == 4200)
        #expect(hour.end == 7800)
        #expect(hour.goodRatio.isApproximatelyEqual(to: 0.75))
    }

    @Test func worstHour_nothingMissed_isTheBusiest() throws {
        var quiet = run(good: [Double](repeating: 1, count: 18))
        quiet.timeline[14].arrivalRate = 5
        let hour = try #require(WorstHour(of: quiet))
        #expect(hour.missed == 0)
        #expect(hour.start <= 8400 && hour.end > 8400)
    }

    @Test func worstHour_shortRun_isTheWholeRun() throws {
        let hour = try #require(WorstHour(of: run(good: [1, 0.5])))
        #expect(hour.start == 0)
        #expect(hour.end == 1200)
        #expect(WorstHour(of: run(good: [])) == nil)
    }

    @Test func worstHour_reasons_areCountedWithinTheHour() throws {
        var bad = run(good: [Double](repeating: 1, count: 9) + [0] + [Double](repeating: 1, count: 8))
        bad.decisions = [(0, PlanReason.load), (4000, .burst), (4100, .load), (4200, .load), (10_000, .steady)].map {
            DecisionRecord(at: Instant(seconds: $0.0), desired: 1, current: 1, ready: 1, reason: $0.1)
        }
        let hour = try #require(WorstHour(of: bad))
        #expect(hour.start == 2400)
        #expect(hour.reasons.map(\.name) == ["load", "burst"])
        #expect(hour.reasons.map(\.count) == [2, 1])
    }

    @Test func merged_longTimeline_keepsRatesAndPeaks() {
        var points = run(good: [1, 0.5, 0.5, 0.8]).timeline
        points[0].ttftP99 = 3
        points[1].ttftP99 = 1
        points[1].ready = 4
        points[2].queued = 9
        let merged = points.merged(to: 2)
        #expect(merged.map(\.start) == [0, 1200])
        #expect(merged[0].ttftP99 == 3)
        #expect(merged[0].ready == 4)
        #expect(merged[0].goodRatio == 0.75)
        #expect(merged[1].queued == 9)
        #expect(points.merged(to: 4) == points)
    }
}

extension Double {
    fileprivate func isApproximatelyEqual(to other: Double) -> Bool { abs(self - other) < 1e-6 }
}
