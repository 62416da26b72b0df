import Sampling
import Testing

@testable import Performance

@Suite struct LogarithmicFitTests {
    /// A mixture of experts: c0 ... c4, 30 ms before each first token, and 2 ms per square root of the batch.
    private static let truth = [6e-3, 20e-6, 30e-9, 20e-6, 5e-3, 30e-3, 2e-3]
    private static let interference = 0.05

    private static func closedLoop(noise: Double = 0, seed: UInt64 = 1) -> [FitMeasurement] {
        var generator = SeededGenerator(seed: seed)
        var times: [FitMeasurement] = []
        for (prompt, output) in [(256.0, 256.0), (1024, 1024), (8192, 512)] {
            for concurrency in [1.0, 2, 4, 8, 16, 32, 64, 128, 256] {
                let kinds = [
                    FitMeasurement.firstToken(
                        promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: 1),
                    .interToken(promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: 1),
                ]
                for kind in kinds {
                    let exact = zip(kind.factors(interference: interference), truth).reduce(0) { $0 + $1.0 * $1.1 }
                    let factor = 1 + Double.random(in: -noise...noise, using: &generator)
                    times.append(kind.with(seconds: exact * factor))
                }
            }
        }
        return times
    }

    private static let options = ProfileFit.Options(hasSquareRoot: true, errors: .logarithmic)

    @Test func fit_exactMixture_recoversEveryTermAndR() {
        let fit = ProfileFit(Self.closedLoop(), options: Self.options)
        for coefficient in FitCoefficient.allCases {
            let error = abs(fit[coefficient] / Self.truth[coefficient.rawValue] - 1)
            #expect(error < 0.02, "\(coefficient) is \(fit[coefficient])")
        }
        #expect(abs(fit.interference / Self.interference - 1) < 0.02)
        #expect((fit.decodeErrors?.max ?? 1) < 1e-3)
    }

    @Test(arguments: UInt64(1)...4) func fit_noiseAndAnOutlier_staysNear(seed: UInt64) {
        var times = Self.closedLoop(noise: 0.03, seed: seed)
        times[9] = times[9].with(seconds: times[9].seconds * 3)
        let fit = ProfileFit(times, options: Self.options)
        #expect((fit.decodeErrors?.median ?? 1) < 0.03, "seed \(seed)")
        #expect((fit.decodeErrors?.p90 ?? 1) < 0.06, "seed \(seed)")
    }

    /// Twice as long and half as long weigh alike: the middle of 1, 2 and 4 ms is 2 ms, where relative errors say less.
    @Test func fit_logarithmicErrors_takeTheGeometricMean() {
        let times = [1e-3, 2e-3, 4e-3].map { FitMeasurement.iteration(contextTokens: 0, batch: 0, seconds: $0) }
        let logarithmic = ProfileFit(times, options: .init(outlierScale: nil, errors: .logarithmic))
        let relative = ProfileFit(times, options: .init(outlierScale: nil))
        #expect(abs(logarithmic[.c0] - 2e-3) < 1e-8)
        // (1 + 1/2 + 1/4) / (1 + 1/4 + 1/16) = 1.3333 ms.
        #expect(abs(relative[.c0] - 4e-3 / 3) < 1e-8)
    }

    @Test func fit_knownCoefficient_isLeftAlone() {
        var options = Self.options
        options.known = [.c4: 7e-3]
        #expect(ProfileFit(Self.closedLoop(), options: options)[.c4] == 7e-3)
    }

    // MARK: Kept out

    @Test func folds_ofEachKind_keepOutWhatTheySay() {
        let settings = FitMeasurement.settings(Self.closedLoop())
        var generator = SeededGenerator(seed: 1)
        #expect(settings.count == 27)
        let random = HoldOut.random.folds(settings, using: &generator)
        #expect(random.map(\.count) == [7, 7, 7, 6])
        #expect(Set(random.joined()) == Set(settings))
        let inner = HoldOut.innerConcurrency.folds(settings, using: &generator)
        #expect(inner.map { $0[0].concurrency } == [2, 4, 8, 16, 32, 64, 128])
        let top = HoldOut.topConcurrency.folds(settings, using: &generator)
        #expect(top.count == 1)
        #expect(top[0].map(\.concurrency) == [256, 256, 256])
        #expect(HoldOut.shape.folds(settings, using: &generator).map(\.count) == [9, 9, 9])
        #expect(HoldOut.shape.folds(Array(settings.prefix(9)), using: &generator).isEmpty)
    }

    @Test func heldOut_exactTimes_areForetold() {
        var generator = SeededGenerator(seed: 1)
        for holdOut in HoldOut.allCases {
            let errors = ProfileFit.heldOutErrors(
                holdOut, Self.closedLoop(), options: Self.options, using: &generator)
            #expect(!errors.isEmpty, "\(holdOut)")
            #expect((FitErrors(errors.map(\.error))?.p90 ?? 1) < 0.02, "\(holdOut)")
        }
    }

    @Test func squareRoot_paysForAMixture_andNotForADenseModel() {
        var generator = SeededGenerator(seed: 1)
        let options = ProfileFit.Options(errors: .logarithmic)
        let mixture = Self.closedLoop(noise: 0.02)
        #expect(ProfileFit.isSquareRootWorthwhile(mixture, options: options, using: &generator))
        let dense = mixture.map { time in
            let root = time.factors(interference: Self.interference)[FitCoefficient.c6.rawValue]
            return time.with(seconds: time.seconds - Self.truth[6] * root)
        }.filter { $0.seconds > 0 }
        #expect(!ProfileFit.isSquareRootWorthwhile(dense, options: options, using: &generator))
        #expect(!ProfileFit.isSquareRootWorthwhile(Array(mixture.prefix(6)), options: options, using: &generator))
    }
}
