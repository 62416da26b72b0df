import Control
import Fleet
import Testing

@testable import Policies

struct HorizontalPodAutoscalerTests {
    private let bounds = ReplicaBounds(min: 1, max: 100)

    private func total(_ total: Double) -> [HorizontalMetric] { [.averageValue(total: total, target: 10)] }

    /// Syncs every 15 s on totals with target 10 and tells each fleet.
    private func fleets(_ autoscaler: HorizontalPodAutoscaler, from start: Int, totals: [Double]) -> [Int] {
        var autoscaler = autoscaler
        var current = start
        return totals.enumerated().map { index, figure in
            current =
                autoscaler.sync(
                    metrics: total(figure), current: current, ready: current, bounds: bounds,
                    at: Instant(seconds: Double(15 * index))
                ).desired
            return current
        }
    }

    // 44 / (10 x 4) = 1.1 is inside the tolerance of 0.1, 45 is outside: ceil(4.5) = 5.
    @Test(arguments: [(44.0, 4), (45, 5), (36, 4), (35, 4)])
    func averageValue_nearTheTarget_isIgnored(total: Double, desired: Int) {
        #expect(fleets(HorizontalPodAutoscaler(), from: 4, totals: [total]) == [desired])
    }

    @Test func averageValue_belowTheTolerance_proposesLess() {
        // 35/40 = 0.875; ceil(3.5) = 4 is R itself. 30/40 proposes 3.
        let metric = HorizontalMetric.averageValue(total: 30, target: 10)
        #expect(metric.proposal(current: 4, ready: 4, tolerance: 0.1) == 3)
    }

    @Test func value_isMultipliedByReadyPods_runsAwayOnAnOptimisersWish() {
        // The wish "3 replicas" as a Value with target 1, at 3 ready: ceil(3/1 x 3) = 9. AverageValue keeps 3.
        #expect(HorizontalMetric.value(3, target: 1).proposal(current: 3, ready: 3, tolerance: 0.1) == 9)
        let average = HorizontalMetric.averageValue(total: 3, target: 1)
        #expect(average.proposal(current: 3, ready: 3, tolerance: 0.1) == 3)
    }

    // Target 10.
    // 2 pods at 20, all answer: ratio 2, ceil(2 x 2) = 4.
    // 2 at 20 and 2 unready: filled with 0, 40/4/10 = 1 is within the tolerance: keep 4.
    // 3 at 20 and 1 unready: 60/4/10 = 1.5, ceil(1.5 x 4) = 6.
    // 2 at 5 and 2 missing: filled with the target, 30/4/10 = 0.75, ceil(0.75 x 4) = 3.
    // 2 at 20 and 3 missing: filled with 0, 40/5/10 = 0.8 turns growth around: keep 5.
    // No pod answers: no proposal.
    @Test(
        arguments: [
            ([20, 20], 0, 0, 2, 4), ([20, 20], 2, 0, 4, 4), ([20, 20, 20], 1, 0, 4, 6), ([5, 5], 0, 2, 4, 3),
            ([20, 20], 0, 3, 5, 5), ([], 2, 2, 4, nil),
        ] as [([Double], Int, Int, Int, Int?)])
    func pods_withUnreadyAndMissing_areFilledAgainstTheDirection(
        values: [Double], unready: Int, missing: Int, current: Int, proposed: Int?
    ) {
        let metric = HorizontalMetric.pods(values: values, unready: unready, missing: missing, target: 10)
        #expect(metric.proposal(current: current, ready: values.count, tolerance: 0.1) == proposed)
    }

    @Test func sync_severalMetrics_largestProposalCounts() {
        var autoscaler = HorizontalPodAutoscaler()
        let decision = autoscaler.sync(
            metrics: [.averageValue(total: 30, target: 10), .averageValue(total: 25, target: 5)], current: 3, ready: 3,
            bounds: bounds, at: Instant(seconds: 0))
        #expect(decision == ScalingDecision(5, .load))
    }

    @Test func sync_oneMetricInvalid_holdsScaleDownOnly() {
        var autoscaler = HorizontalPodAutoscaler()
        let down = autoscaler.sync(
            metrics: total(10) + [.invalid], current: 4, ready: 4, bounds: bounds, at: Instant(seconds: 0))
        #expect(down == ScalingDecision(4, .noData))
        let up = autoscaler.sync(
            metrics: total(60) + [.invalid], current: 4, ready: 4, bounds: bounds, at: Instant(seconds: 15))
        #expect(up == ScalingDecision(6, .load))
    }

    @Test func sync_allInvalid_holds() {
        var autoscaler = HorizontalPodAutoscaler()
        let decision = autoscaler.sync(
            metrics: [.invalid], current: 4, ready: 4, bounds: bounds, at: Instant(seconds: 0))
        #expect(decision == ScalingDecision(4, .noData))
    }

    @Test func sync_zeroReplicasWithMinimum_isSwitchedOff() {
        var autoscaler = HorizontalPodAutoscaler()
        let decision = autoscaler.sync(
            metrics: total(500), current: 0, ready: 0, bounds: bounds, at: Instant(seconds: 0))
        #expect(decision.desired == 0)
    }

    @Test func sync_outsideBounds_goesToTheBoundAtOnce() {
        var autoscaler = HorizontalPodAutoscaler()
        let narrow = ReplicaBounds(min: 2, max: 5)
        let decision = autoscaler.sync(
            metrics: total(500), current: 9, ready: 9, bounds: narrow, at: Instant(seconds: 0))
        #expect(decision.desired == 5)
    }

    // From 1: max(2, 1 + 4) = 5 per 15 s, then 10 (100 % beats 4), then 20, then the 40 that are wanted.
    @Test func growth_isLimitedTo100PercentOr4Pods_whicheverIsMore() {
        #expect(fleets(HorizontalPodAutoscaler(), from: 1, totals: [400, 400, 400, 400]) == [5, 10, 20, 40])
    }

    @Test func shrinking_waits300Seconds() {
        // 40 is wanted at 0 s; 1 from 15 s on. The 40 is in the window up to sync 20 (300 s).
        let totals = [400.0] + Array(repeating: 10, count: 22)
        let fleets = fleets(HorizontalPodAutoscaler(), from: 40, totals: totals)
        #expect(fleets[20] == 40)
        #expect(fleets[21] == 1)
    }

    @Test func firstSync_remembersTheFleetItFound() {
        // Without memory (a controller that has just started) the window begins with the current 8.
        let fleets = fleets(HorizontalPodAutoscaler(), from: 8, totals: Array(repeating: 10, count: 22))
        #expect(fleets[20] == 8)
        #expect(fleets[21] == 1)
    }

    @Test func upWindow_takesTheSmallestRecommendation() {
        var behavior = ScalingBehavior.kubernetes
        behavior.up.stabilisationWindow = .seconds(60)
        // Recommended: 1 (found), 8, 8, 8, 8: the 1 of 0 s is in the window up to 60 s. Then 1 + 4 = 5, 8.
        let fleets = fleets(
            HorizontalPodAutoscaler(behavior: behavior), from: 1, totals: [10, 80, 80, 80, 80, 80, 80])
        #expect(fleets == [1, 1, 1, 1, 1, 5, 8])
    }

    // 2 pods per 60 s: 4 -> 6 at 0 s, nothing more until 60 s: periodStart = 6 - 2 = 4.
    @Test func limit_periodLongerThanASync_countsWhatWasAddedSince() {
        var behavior = ScalingBehavior.kubernetes
        behavior.up.limits = [.pods(2, per: .seconds(60))]
        let fleets = fleets(
            HorizontalPodAutoscaler(behavior: behavior), from: 4, totals: Array(repeating: 100, count: 6))
        #expect(fleets == [6, 6, 6, 6, 8, 8])
    }

    // Down 50 % per 60 s from 9: 9 x 0.5 = 4.5 truncates to 4; periodStart = 4 + 5 = 9 for a minute; then 2, then 1.
    @Test func limit_downPercent_truncates() {
        var behavior = ScalingBehavior.kubernetes
        behavior.down = .init(stabilisationWindow: .zero, limits: [.percent(50, per: .seconds(60))])
        let fleets = fleets(
            HorizontalPodAutoscaler(behavior: behavior), from: 9, totals: Array(repeating: 1, count: 10))
        #expect(fleets == [4, 4, 4, 4, 2, 2, 2, 2, 1, 1])
    }

    @Test func selection_minAndDisabled_areObeyed() {
        var behavior = ScalingBehavior.kubernetes
        behavior.up.selection = .min
        // From 1, the smaller of 2 and 5.
        #expect(fleets(HorizontalPodAutoscaler(behavior: behavior), from: 1, totals: [400]) == [2])
        behavior.down = .init(stabilisationWindow: .zero, limits: [], selection: .disabled)
        #expect(fleets(HorizontalPodAutoscaler(behavior: behavior), from: 9, totals: [1]) == [9])
    }
}
