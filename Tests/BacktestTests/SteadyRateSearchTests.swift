import Fleet
import Performance
import Simulation
import Testing
import Traces

@testable import Backtest

struct SteadyRateSearchTests {
    private func search(_ profile: PerformanceProfile, prompt: UInt32, output: UInt32) -> SteadyRateSearch {
        var builder = TraceBuilder()
        builder.append(
            TraceBuilder.Request(row: RequestRow(arrival: 0, promptTokens: prompt, outputTokens: output)))
        return SteadyRateSearch(trace: builder.finish(name: "alike"), profile: profile, plant: SimulationOptions())
    }

    private func profile(maxBatch: Int) -> PerformanceProfile {
        PerformanceProfile(
            name: "test", accelerators: 1, decode: (c0: 10e-3, c1: 1e-3, c2: 0), prefill: (c3: 1e-6, c4: 0),
            chunkTokens: 512, maxBatch: maxBatch, kvTokens: 1_000_000, backlogSeconds: 10,
            power: .init(idle: Power(watts: 1), busy: Power(watts: 1), perSequence: Power(watts: 0), isAssumed: true),
            price: Price(perAcceleratorHour: 1))
    }

    // 40 sequences decode within 50 ms each step, 400 tokens in 20 s: two requests a second. A batch of 30 takes 40 ms, 1.9 a second:
    // the rest waits for a place.
    @Test(arguments: [(1000, 0.0), (30, 1.0)])
    func queueingShare_tellsWhatBreaksFirst(maxBatch: Int, share: Double) throws {
        let search = search(profile(maxBatch: maxBatch), prompt: 10, output: 400)
        #expect(abs(try #require(search.queueingShare(rate: 2.2, fleet: 1)) - share) < 0.1)
        #expect(search.queueingShare(rate: 0.1, fleet: 1) == nil)
    }
}
