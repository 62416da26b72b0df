import Sampling
import Testing

@testable import Traces

@Suite struct DispersionTests {
    private func trace(_ arrivals: [Double]) -> Trace {
        var builder = TraceBuilder()
        for arrival in arrivals {
            builder.append(.init(row: RequestRow(arrival: arrival, promptTokens: 1, outputTokens: 1)))
        }
        return builder.finish(name: "t")
    }

    private func renewal(dispersion: Double, count: Int) -> Trace {
        var generator = SeededGenerator(seed: 4)
        var time = 0.0
        return trace(
            (0..<count).map { _ in
                time += generator.gamma(shape: 1 / dispersion, scale: dispersion / 5)
                return time
            })
    }

    @Test func dispersion_ofRegularArrivals_isZero() {
        #expect((trace((0...1000).map(Double.init)).dispersion(window: 10) ?? 1) < 1e-12)
    }

    @Test(arguments: [1.0, 4]) func dispersion_ofGammaGaps_isTheirSquaredVariation(expected: Double) {
        let measured = renewal(dispersion: expected, count: 200_000).dispersion(window: 20) ?? 0
        #expect(abs(measured / expected - 1) < 0.08)
    }

    @Test func dispersion_ofASlowRise_isNotBurstiness() {
        // 10 to 30 requests in windows of 10 s over two hours, evenly within each: neighbours hardly differ.
        let arrivals = (0..<720).flatMap { window in
            let count = 10 + window / 36
            return (0..<count).map { Double(window) * 10 + 10 * (Double($0) + 0.5) / Double(count) }
        }
        #expect((trace(arrivals).dispersion(window: 10) ?? 1) < 0.01)
    }

    @Test func dispersion_ofAShortTrace_isUnknown() {
        #expect(trace((0...100).map(Double.init)).dispersion(window: 10) == nil)
        #expect(trace([1]).dispersion(window: 10) == nil)
        #expect(trace([]).dispersion(window: 10) == nil)
    }
}
