import Control
import Fleet
import Performance
import Testing

@testable import Policies

struct DemandForesightTests {
    /// Work of the seconds 0 to 4: 2, 4, 0, 0, 6.
    private let known = DemandForesight(
        [(0.5, 2.0), (1.2, 1.0), (1.8, 3.0), (4.0, 6.0)].map { .init(time: $0.0, work: $0.1) }, parts: .level)

    // All five seconds: 12 / 5. The first two: 6 / 2. Half before the first: 2 / 1. Past the end nothing.
    @Test(arguments: [(2.5, 5, 2.4), (1.0, 2, 3.0), (0.0, 2, 2.0), (100.0, 10, 0.0), (-100.0, 10, 0.0)])
    func level_isTheMeanAroundTheInstant(middle: Double, width: Int, level: Double) {
        #expect(known.level(around: Instant(seconds: middle), width: .seconds(width)) == level)
    }

    // With a second of patience: 4 / (1 + 1) and 6 / (2 + 1) are the most of the first two, 6 / (1 + 1) of all. With none the
    // busiest second counts.
    @Test(arguments: [(1.0, 2, 1.0, 2.0), (2.5, 5, 1.0, 3.0), (1.0, 2, 0.0, 4.0), (100.0, 10, 1.0, 0.0)])
    func need_isTheBusiestStretchOverItsTimeAndPatience(middle: Double, width: Int, patience: Double, need: Double) {
        let found = known.need(around: Instant(seconds: middle), width: .seconds(width), patience: patience)
        #expect(found == need)
    }

    @Test func traffic_beforeTimeZero_keepsItsSeconds() {
        let early = DemandForesight([.init(time: -2.5, work: 3), .init(time: 0, work: 1)], parts: .level)
        #expect(early.level(around: Instant(seconds: -2.5), width: .seconds(1)) == 3)
        #expect(early.level(around: Instant(seconds: -1), width: .seconds(4)) == 4.0 / 4)
    }

    // MARK: The policy

    /// One steady replica's work each second, and ten from second 600 on.
    private static func rate(_ second: Int) -> Double { second < 600 ? 1 : 10 }

    private func stage(_ parts: DemandForesight.Parts?, _ rate: (Int) -> Double) -> PolicyStage {
        var context = PolicyContext.example()
        let arrivals = (0..<1200).map { DemandForesight.Arrival(time: Double($0), work: rate($0)) }
        context.foresight = parts.map { DemandForesight(arrivals, parts: $0) }
        return PolicyStage(TidewayPolicy(context), desired: 1)
    }

    /// Requests of the mean shape, four a second for one steady replica.
    private func run(_ stage: inout PolicyStage, until second: Int, _ rate: (Int) -> Double) {
        while stage.seconds < second {
            let count = Int(4 * rate(stage.seconds))
            stage.run(seconds: 1) { sample in
                sample.arrivedRequests += count
                sample.arrivedPromptTokens += count * 1000
                sample.arrivedUncachedTokens += count * 1000
            }
        }
    }

    // Replicas start in 60 s: what the step at 600 s needs is ordered by 540 s, and not much earlier.
    @Test func level_knownStep_fleetIsReadyForIt() {
        var knowing = stage(.level, Self.rate)
        var plain = stage(nil, Self.rate)
        run(&knowing, until: 470, Self.rate)
        run(&plain, until: 541, Self.rate)
        #expect(knowing.desired == plain.desired)
        run(&knowing, until: 541, Self.rate)
        #expect(knowing.desired == 10)
        #expect(plain.desired < 3)
    }

    // Twelve steady replicas' work for five seconds: no mean tells of it, whoever knows the burst is ready.
    @Test func bursts_knownBurst_fleetIsReadyForIt() {
        func burst(_ second: Int) -> Double { (600..<605).contains(second) ? 13 : 1 }
        var knowing = stage(.bursts, burst)
        var onTheLevel = stage(.level, burst)
        run(&knowing, until: 541, burst)
        run(&onTheLevel, until: 541, burst)
        #expect(knowing.desired > onTheLevel.desired + 1)
    }

    // Where bursts are known none is feared: one that is not in the foresight gets no haste.
    @Test func bursts_known_areNotReactedTo() {
        func quiet(_ second: Int) -> Double { 1 }
        func burst(_ second: Int) -> Double { second >= 600 ? 13 : 1 }
        var knowing = stage(.bursts, quiet)
        var plain = stage(nil, quiet)
        run(&knowing, until: 612, burst)
        run(&plain, until: 612, burst)
        #expect(plain.desired > knowing.desired)
    }

    // Ten replicas were needed once; whoever knows that they will not be again gives them up at once.
    @Test func release_known_keepsNoLongerThanNeeded() {
        func hump(_ second: Int) -> Double { (300..<400).contains(second) ? 10 : 1 }
        var knowing = stage([.level, .bursts, .release], hump)
        var plain = stage([.level, .bursts], hump)
        run(&knowing, until: 475, hump)
        run(&plain, until: 475, hump)
        #expect(knowing.desired == 2 || knowing.desired == 1)
        #expect(plain.desired >= 10)
    }

    // A gap shorter than an absence (90 s) is bridged.
    @Test func release_neededBeforeItCouldBeBack_isKept() {
        func humps(_ second: Int) -> Double { (300..<400).contains(second) || second >= 460 ? 10 : 1 }
        var knowing = stage([.level, .bursts, .release], humps)
        run(&knowing, until: 440, humps)
        #expect(knowing.desired >= 10)
    }
}
