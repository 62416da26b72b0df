import Control
import Fleet
import Foundation
import Sampling
import Testing

@testable import Policies

/// Traffic that no model expects: a policy that is asked has an answer all the same, since its daemon ends where it has none.
struct OddTrafficTests {
    /// Requests of a second.
    static let rates: [(name: String, rate: @Sendable (Int, inout SeededGenerator) -> Int)] = [
        ("none", { _, _ in 0 }),
        ("constant", { _, _ in 60 }),
        ("one request in a minute", { second, _ in second % 60 == 0 ? 1 : 0 }),
        ("one burst", { second, _ in second == 250 ? 100_000 : 0 }),
        ("stops for good", { second, _ in second < 200 ? 40 : 0 }),
        ("begins at once", { second, _ in second < 200 ? 0 : 400 }),
        ("doubling", { second, _ in 1 << min(second / 25, 16) }),
        ("chance", { _, generator in generator.uniform() < 0.1 ? Int(generator.uniform() * 2000) : 0 }),
    ]

    /// What the requests of a second leave behind: tokens that may be none, and answers that may come never, or all at once.
    private static func advance(_ sample: inout WorkloadSample, by count: Int, _ generator: inout SeededGenerator) {
        let tokens = count * Int(generator.uniform() * 3) * 700
        sample.arrivedRequests += count
        sample.arrivedPromptTokens += tokens
        sample.arrivedUncachedTokens += generator.uniform() < 0.5 ? tokens : 0
        guard generator.uniform() < 0.7 else {
            sample.queuedRequests += count
            return
        }
        let finished = sample.queuedRequests + count
        sample.queuedRequests = 0
        sample.runningRequests = Int(generator.uniform() * 50)
        sample.finishedRequests += finished
        sample.finishedPromptTokens += tokens
        sample.finishedOutputTokens += finished * Int(generator.uniform() * 200)
        sample.timedTokens += finished * Int(generator.uniform() * 200)
        sample.decodeSeconds += Double(finished) * generator.uniform() * 10
        if generator.uniform() < 0.9 { sample.goodRequests = (sample.goodRequests ?? 0) + finished / 2 }
    }

    private func answers(_ policy: String, _ context: PolicyContext, rate: Int) throws {
        var stage = PolicyStage(try PolicyCatalog.make(policy, context: context), desired: 2)
        stage.bounds = ReplicaBounds(min: 1, max: 40)
        stage.startUpSeconds = Int(context.startUpMedian.seconds)
        stage.startUp = StartUpEstimate(
            median: context.startUpMedian, p95: .seconds(2 * context.startUpMedian.seconds))
        var generator = SeededGenerator(seed: UInt64(rate))
        for second in 0..<450 {
            stage.run(seconds: 1) { Self.advance(&$0, by: Self.rates[rate].rate(second, &generator), &generator) }
            #expect((0...1_000_000_000).contains(stage.proposed), "\(Self.rates[rate].name), second \(second)")
            #expect(stage.presentNeed.map { $0 >= 0 } ?? true, "\(Self.rates[rate].name), second \(second)")
        }
        let isKept = keeps(stage.policy)
        #expect(isKept, "\(Self.rates[rate].name)")
    }

    /// Numbers that are none, or without end, have no JSON, and what has none is not kept.
    private func keeps<Policy: ScalingPolicy>(_ policy: Policy) -> Bool {
        (try? JSONEncoder().encode(policy.state)) != nil
    }

    @Test(arguments: rates.indices, [5, 60])
    func tideway_oddTraffic_hasAnAnswer(rate: Int, startUp: Int) throws {
        var context = PolicyContext.example(knob: startUp == 5 ? 3 : 1)
        context.startUpMedian = .seconds(startUp)
        context.inTimeFirst = startUp == 60
        try answers("tideway", context, rate: rate)
    }

    @Test(arguments: PolicyCatalog.names.filter { $0 != "tideway" })
    func peer_oddTraffic_hasAnAnswer(_ name: String) throws {
        for rate in Self.rates.indices { try answers(name, .example(staticReplicas: 3), rate: rate) }
    }
}
