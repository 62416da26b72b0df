import Capacity
import Fleet
import Performance
import Routing
import Simulation
import Testing
import Traces

@testable import Backtest

struct PoolCalibrationTests {
    private static let requests = 8000
    private static let sizes = [8]

    private let slo = ServiceLevelObjective(limits: .latency(.milliseconds(600)))

    /// Four at once, in the time given: at most 20 a second at 200 ms.
    private func service(_ milliseconds: Int) -> PerformanceProfile {
        .service(
            name: "s", serviceTime: .milliseconds(milliseconds), concurrency: 4, price: Price(perAcceleratorHour: 0))
    }

    private func formula(_ profile: PerformanceProfile) -> PoolCapacity {
        // Of no account to a service, but there must be one.
        let length = RequestLengths(promptTokens: 1, uncachedTokens: 1, outputTokens: 2)
        return PoolCapacity(
            profile: profile, classes: RequestClasses([length], longPromptTokens: 4096), slo: slo, order: .fcfs)
    }

    private func trial(_ profile: PerformanceProfile) -> PoolTrial {
        var builder = TraceBuilder()
        let tokens = UInt32(PerformanceProfile.serviceOutputTokens)
        builder.append(TraceBuilder.Request(row: RequestRow(arrival: 0, promptTokens: 1, outputTokens: tokens)))
        var plant = SimulationOptions()
        plant.slo = slo
        return PoolTrial(lengths: builder.finish(name: "service"), profile: profile, plant: plant)
    }

    private func calibration(_ trial: PoolTrial) -> PoolCalibration {
        PoolCalibration(trial, attainmentTarget: slo.attainmentTarget, requests: Self.requests, sizes: Self.sizes)
    }

    // The formula is asked about an engine of another speed, so that all it says is wrong.
    @Test(arguments: [(250, 1.0), (150, 4)])
    func correction_mendsAWrongFormula(believed: Int, dispersion: Double) {
        let (wrong, trial) = (formula(service(believed)), trial(service(200)))
        let measured = calibration(trial).measurements(around: wrong)
        #expect(measured.count == Self.sizes.count * PoolCalibration.dispersions.count)
        let rate = wrong.corrected(by: measured).rate(replicas: 8, dispersion: dispersion)
        func attainment(_ rate: Double) -> Double {
            trial.outcome(rate: rate, dispersion: dispersion, replicas: 8, requests: 20_000, seed: 1).attainment
        }
        #expect(attainment(0.92 * rate) >= slo.attainmentTarget)
        #expect(attainment(1.1 * rate) < slo.attainmentTarget)
        #expect(abs(wrong.rate(replicas: 8, dispersion: dispersion) / rate - 1) > 0.1)
    }

    @Test func poolThatCarriesNothing_isMeasuredSo() {
        // Believed to take 400 ms, it takes 700 of 600.
        let measured = calibration(trial(service(700))).measurements(around: formula(service(400)))
        #expect(!measured.isEmpty && measured.allSatisfy { $0.rate == 0 })
        #expect(formula(service(400)).corrected(by: measured).replicas(rate: 1, dispersion: 1) == nil)
    }
}
