import Fleet
import Forecasting
import RealModule
import Testing

/// Series without noise, or with nothing but a jump: where a measure of deviation is zero, or infinitely far exceeded.
struct OddSeriesTests {
    static let shapes: [(name: String, value: @Sendable (Int, Double) -> Double)] = [
        ("constant", { _, size in size }),
        ("step", { $0 < 150 ? 0 : $1 }),
        ("step down", { $0 < 150 ? $1 : 0 }),
        ("one spike", { $0 == 150 ? $1 : 0 }),
        ("alternating", { Double($0 % 2) * $1 }),
        ("ramp", { Double($0) * $1 }),
        ("doubling", { $1 * .exp2(Double(min($0, 300)) / 10) }),
        ("sawtooth", { Double($0 % 60) / 3 * $1 }),
    ]

    @Test(arguments: shapes.indices, [1, 15, 0.1, 1.0 / 3, 1e-12, 1e12])
    func forecast_oddSeries_isFinite(shape: Int, size: Double) throws {
        for (members, step) in [(ModelFamily.Members.whole, 10), (.switchingTrend, 1), (.seasonal, 10)] {
            var forecaster = SeriesForecaster(step: .seconds(step), stepsMax: 12, members: members)
            for index in 0..<400 {
                forecaster.append(Self.shapes[shape].value(index, size), at: Instant(seconds: Double(index * step)))
                guard index % 10 == 9 else { continue }
                let path = try #require(forecaster.forecast(steps: 12, quantiles: [0.05, 0.5, 0.95]))
                let values = path.steps.flatMap { step in [step.mean] + step.quantiles.map { $0.value } }
                #expect(values.allSatisfy { $0.isFinite })
            }
        }
    }
}
