import Fleet
import Foundation
import Performance
import Testing

@testable import Policies

struct OutlookMemoryTests {
    private func outlook(_ startUp: Duration) -> DemandOutlook {
        var outlook = DemandOutlook(
            pace: DecisionPace(startUp: startUp), step: .seconds(10), horizon: startUp + .seconds(30))
        for step in 0..<2000 {
            let value = 20 + 10 * sin(Double(step) / 40) + Double(step * step * 31 % 13)
            outlook.append(value, at: Instant(seconds: Double(10 * step)))
        }
        return outlook
    }

    /// Through a restart nothing is forgotten: the same forecast, and the same ones after it.
    @Test(arguments: [Duration.seconds(5), .seconds(60), .seconds(600)])
    func codable_roundTrip_forecastsTheSame(startUp: Duration) throws {
        var before = outlook(startUp)
        let bytes = try JSONEncoder().encode(before)
        // What a controller keeps of each workload once a minute.
        #expect(bytes.count < 1 << 20)
        var after = try JSONDecoder().decode(DemandOutlook.self, from: bytes)
        #expect(after == before)
        for step in 2000..<2100 {
            let now = Instant(seconds: Double(10 * step))
            before.append(Double(step % 50), at: now)
            after.append(Double(step % 50), at: now)
        }
        let (first, second) = (
            before.ahead(startUp, quantile: 0.9, upper: 0.95), after.ahead(startUp, quantile: 0.9, upper: 0.95)
        )
        #expect(first.median == second.median && first.quantile == second.quantile)
    }

    // The steps and windows of what was learned are those of one start-up: another does not go on from it.
    @Test func stateName_otherStartUp_isAnother() {
        var slow = PolicyContext.example()
        slow.startUpMedian = .seconds(60)
        var fast = slow
        fast.startUpMedian = .seconds(5)
        var inTimeFirst = slow
        inTimeFirst.inTimeFirst = true
        // Counted in other steady replicas.
        var (larger, stricter, surer, longer) = (slow, slow, slow, slow)
        larger.profile.name = "70b"
        stricter.slo = ServiceLevelObjective(limits: .tokens(ttft: .seconds(1), itl: .milliseconds(30)))
        surer.slo.attainmentTarget = 0.999
        longer.operatingPoint.shape.decodedTokens += 50
        let names = [slow, fast, inTimeFirst, larger, stricter, surer, longer].map { TidewayPolicy($0).stateName }
        #expect(Set(names).count == 7)
        #expect(TidewayPolicy(slow).stateName == names[0])
    }

    @Test func ahead_nothingMeasured_isZeroWithoutError() {
        let outlook = DemandOutlook(
            pace: DecisionPace(startUp: .seconds(60)), step: .seconds(10), horizon: .seconds(90))
        let ahead = outlook.ahead(.seconds(90), quantile: 0.9, upper: 0.95)
        #expect(ahead.median == 0 && ahead.quantile == nil)
    }

    // Starts turn out to take ten times as long: the forecast reaches as far as it can, and does not fail.
    @Test func ahead_beyondItsReach_isTheFarthestStep() {
        let outlook = outlook(.seconds(60))
        let farthest = outlook.ahead(.seconds(360), quantile: 0.9, upper: 0.95)
        let beyond = outlook.ahead(.seconds(3600), quantile: 0.9, upper: 0.95)
        #expect(farthest.median == beyond.median)
    }

    // Two hours of a calm rate with a minute of twice as much each quarter of an hour. The next job begins ten steps after the last
    // sample; a mean of a minute begins to rise only then.
    @Test func ahead_jobsOnTheClock_areExpectedFromTheirFirstStep() {
        var outlook = DemandOutlook(
            pace: DecisionPace(startUp: .seconds(60)), step: .seconds(10), horizon: .seconds(90))
        for step in 0...800 {
            let noise = Double(step * step * 31 % 13) / 40
            outlook.append((step % 90 < 6 ? 10 : 5) + noise, at: Instant(seconds: Double(10 * step)))
        }
        func median(_ steps: Int) -> Double {
            outlook.ahead(.seconds(10 * Double(steps)), quantile: 0.9, upper: 0.95).median
        }
        #expect(median(9) < 6.5)
        #expect(median(10) > 9)
    }

    // Pulses that keep to no clock: from the horizon on none is expected at a certain step.
    @Test(arguments: [UInt32(7), 8, 9, 10]) func ahead_pulsesWithoutAClock_areNotExpected(seed: UInt32) {
        var outlook = DemandOutlook(
            pace: DecisionPace(startUp: .seconds(60)), step: .seconds(10), horizon: .seconds(90))
        var state = seed
        var (left, isPulse) = (0, true)
        for step in 0..<801 {
            if left == 0 {
                isPulse.toggle()
                state = state &* 1_664_525 &+ 1_013_904_223
                left = isPulse ? 6 : 20 + Int(state >> 16) % 160
            }
            left -= 1
            outlook.append(isPulse ? 10 : 5, at: Instant(seconds: Double(10 * step)))
        }
        let highest = (9...36).map { outlook.ahead(.seconds(10 * Double($0)), quantile: 0.9, upper: 0.95).median }.max()
        #expect(highest ?? 0 < 8)
    }
}
