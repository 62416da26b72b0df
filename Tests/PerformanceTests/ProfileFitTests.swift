import Sampling
import Testing

@testable import Performance

@Suite struct ProfileFitTests {
    /// Seconds per `FitCoefficient`: c0 ... c4 of 8b-a100, 20 ms before each first token, and no c6.
    private static let truth = [14.14e-3, 92.8e-6, 124.4e-9, 63.1e-6, 8e-3, 20e-3, 0]
    private static let interference = 0.06

    /// What the model gives for a measurement, times `factor`.
    private static func timed(_ measurement: FitMeasurement, factor: Double = 1) -> FitMeasurement {
        let seconds = zip(measurement.factors(interference: interference), truth).reduce(0) { $0 + $1.0 * $1.1 }
        return measurement.with(seconds: seconds * factor)
    }

    /// A closed loop over three shapes and six concurrencies, each time off by up to `noise`.
    private static func closedLoop(
        noise: Double = 0, prompts: [Double] = [128, 1024, 8192], seed: UInt64 = 1
    ) -> [FitMeasurement] {
        var generator = SeededGenerator(seed: seed)
        return prompts.flatMap { prompt in
            [1.0, 4, 16, 32, 64, 128].flatMap { concurrency in
                [
                    FitMeasurement.firstToken(
                        promptTokens: prompt, outputTokens: 256, concurrency: concurrency, seconds: 1),
                    .interToken(promptTokens: prompt, outputTokens: 256, concurrency: concurrency, seconds: 1),
                ].map { timed($0, factor: 1 + Double.random(in: -noise...noise, using: &generator)) }
            }
        }
    }

    @Test func fit_exactClosedLoop_recoversEveryCoefficient() {
        let fit = ProfileFit(Self.closedLoop())
        for coefficient in FitCoefficient.allCases where coefficient != .c6 {
            #expect(abs(fit[coefficient] / Self.truth[coefficient.rawValue] - 1) < 0.02, "\(coefficient)")
        }
        #expect(abs(fit.interference / Self.interference - 1) < 0.02)
        #expect((fit.decodeErrors?.max ?? 1) < 1e-3)
        #expect(fit.decodeErrors?.count == 18)
        #expect(fit.prefillErrors?.count == 18)
        #expect(fit.warnings.isEmpty)
    }

    @Test(arguments: 1...5) func fit_noiseOfThreePercent_recoversTheMainCoefficients(seed: Int) {
        let fit = ProfileFit(Self.closedLoop(noise: 0.03, seed: UInt64(seed)))
        for (coefficient, tolerance) in [(FitCoefficient.c0, 0.03), (.c2, 0.15), (.c3, 0.05)] {
            let error = abs(fit[coefficient] / Self.truth[coefficient.rawValue] - 1)
            #expect(error < tolerance, "seed \(seed): \(coefficient) off by \(error)")
        }
        #expect((fit.decodeErrors?.max ?? 1) < 0.06)
    }

    @Test func fit_oneTimeDoubled_isTamedByTheOutlierScale() {
        var measurements = Self.closedLoop(noise: 0.01)
        // The time between tokens of the shortest prompts, one at a time.
        measurements[1] = measurements[1].with(seconds: measurements[1].seconds * 2)
        let robust = ProfileFit(measurements)
        let plain = ProfileFit(measurements, options: .init(outlierScale: nil))
        let robustError = abs(robust[.c0] / Self.truth[0] - 1)
        #expect(robustError < 0.03)
        #expect(robustError < 0.6 * abs(plain[.c0] / Self.truth[0] - 1))
    }

    @Test func fit_wholeBatchesAndPrefill_recoversDecodeBesideThePrefill() {
        let batches = [128.0, 512, 2048].flatMap { length in
            [1.0, 16, 64].map {
                Self.timed(.wholeBatch(promptTokens: length, outputTokens: length, batch: $0, seconds: 1))
            }
        }
        let prefills = [128.0, 512, 4096].map { Self.timed(.prefill(promptTokens: $0, batch: 4, seconds: 1)) }
        let fit = ProfileFit(batches + prefills)
        for coefficient in FitCoefficient.allCases.dropLast(2) {
            #expect(abs(fit[coefficient] / Self.truth[coefficient.rawValue] - 1) < 1e-6, "\(coefficient)")
        }
    }

    @Test func fit_oneOfManyPrefillsKnown_keepsWhatIsKnown() {
        let prefill = Self.timed(.prefill(promptTokens: 1024, batch: 16, seconds: 1))
        let iterations = [(1.0, 100.0), (64, 100), (64, 4000)].map {
            Self.timed(.iteration(contextTokens: $0.1, batch: $0.0, seconds: 1))
        }
        let fit = ProfileFit([prefill] + iterations, options: .init(known: [.c4: 8e-3]))
        #expect(fit[.c4] == 8e-3)
        #expect(abs(fit[.c3] / 63.1e-6 - 1) < 1e-9)
        #expect(fit.warnings.isEmpty)
    }

    @Test func fit_onePromptLength_warnsThatPrefillIsNotDetermined() {
        let fit = ProfileFit(Self.closedLoop(prompts: [1024]))
        #expect(fit.warnings.contains(.undetermined(.c3)))
        #expect(fit.warnings.contains(.undetermined(.c4)))
        #expect(fit.warnings.contains(.undetermined(.c2)))
        #expect(!fit.warnings.contains(.undetermined(.c0)))
    }

    @Test func fit_oneConcurrency_warnsThatStepAndSequenceCannotBeToldApart() {
        let times = [128.0, 1024, 8192].map { Self.timed(.iteration(contextTokens: $0, batch: 16, seconds: 1)) }
        let fit = ProfileFit(times)
        #expect(fit.warnings.contains(.undetermined(.c0)))
        #expect(fit.warnings.contains(.undetermined(.c1)))
    }

    @Test func merged_repeats_areReplacedByTheirMedian() {
        let times = [3.0, 1, 2].map { FitMeasurement.prefill(promptTokens: 10, batch: 1, seconds: $0) }
        let other = FitMeasurement.prefill(promptTokens: 20, batch: 1, seconds: 7)
        #expect(FitMeasurement.merged([times[0], other, times[1], times[2]]) == [times[2], other])
    }

    @Test func fitErrors_fiveErrors_haveMeanMedianP90AndMax() throws {
        let errors = try #require(FitErrors([0.05, 0.01, 0.02, 0.04, 0.03]))
        #expect(errors.count == 5)
        #expect(abs(errors.mean - 0.03) < 1e-12)
        #expect(errors.median == 0.03)
        // 0.9 x 4 = 3.6: between 0.04 and 0.05.
        #expect(abs(errors.p90 - 0.046) < 1e-12)
        #expect(errors.max == 0.05)
        #expect(FitErrors([]) == nil)
    }
}
