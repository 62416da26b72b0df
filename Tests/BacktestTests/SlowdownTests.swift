import Fleet
import Performance
import Simulation
import Testing
import Traces

@testable import Backtest

struct SlowdownTests {
    /// An iteration takes 10 ms, and 40 ms with prefill in it; a request has 1,000 prompt tokens, 58.6 ms of prefill.
    private let profile = PerformanceProfile(
        name: "test", accelerators: 1, decode: (c0: 10e-3, c1: 1e-6, c2: 0), prefill: (c3: 30e-3 / 512, c4: 0),
        chunkTokens: 512, maxBatch: 256, kvTokens: 1_000_000, backlogSeconds: 0.25,
        power: .init(idle: Power(watts: 1), busy: Power(watts: 1), perSequence: Power(watts: 0), isAssumed: true),
        price: Price(perAcceleratorHour: 1))

    private func slowdowns(itl: Duration) -> [OperatingPoint.Slowdown] {
        var builder = TraceBuilder()
        builder.append(TraceBuilder.Request(row: RequestRow(arrival: 0, promptTokens: 1000, outputTokens: 8)))
        var plant = SimulationOptions()
        plant.slo = ServiceLevelObjective(
            limits: .tokens(ttft: .seconds(1), itl: itl), attainmentTarget: 0.99)
        return WorkloadAnalysis.slowdowns(builder.finish(name: "alike"), profile: profile, plant: plant)
    }

    @Test func profilesOwnSpeed_changesNothing() throws {
        let point = try #require(slowdowns(itl: .milliseconds(42)).first { $0.fluid == 1 })
        #expect(point.pool == 1)
    }

    @Test func engineThatBringsPrefillBeyondTheLimit_needsFarMoreOfAPoolThanOfAFluid() throws {
        let slower = { (itl: Duration) in try #require(slowdowns(itl: itl).first { $0.fluid > 1.3 }) }
        let tight = try slower(.milliseconds(42))
        #expect(tight.pool > 1.5 * tight.fluid)
        // 40 ms times 1.3 fit into 100 ms as well.
        let loose = try slower(.milliseconds(100))
        #expect(loose.pool < 1.2 * loose.fluid)
    }

    @Test func engineThatHardlyKeepsTheObjectiveAtAll_isBounded() throws {
        // Three times 10 ms are 30 of 31 ms; four times, and nobody is in time.
        let points = slowdowns(itl: .milliseconds(31))
        #expect(points.allSatisfy { $0.pool <= 8 })
        #expect(try #require(points.last).pool == 8)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.fluid <= $1.fluid })
    }

    @Test func slowness_isReadBetweenThePoints() {
        var point = OperatingPoint(
            steadyRate: 1, steadyConcurrency: 1, fluidBatch: 1, shape: RequestShape(promptTokens: 1, outputTokens: 1))
        #expect(point.slowness(fluid: 1.7) == 1.7)
        point.slowdowns = [(0.5, 0.4), (1, 1), (2, 5)].map { OperatingPoint.Slowdown(fluid: $0.0, pool: $0.1) }
        #expect(point.slowness(fluid: 1) == 1)
        #expect(point.slowness(fluid: 1.5) == 3)
        #expect(point.slowness(fluid: 4) == 5)
        #expect(point.slowness(fluid: 6) == 6)
        #expect(abs(point.slowness(fluid: 0.25) - 0.2) < 1e-12)
    }
}
