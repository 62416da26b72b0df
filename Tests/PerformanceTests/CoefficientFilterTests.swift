import Fleet
import Performance
import Testing

struct CoefficientFilterTests {
    /// 40 ms between tokens: 16 of the iteration, 24 of its sequences.
    private let parts = CoefficientFilter.Parts(fixed: 0.016, sequences: 0.024, prefill: 0)

    private func measured(_ factor: Double, count: Int) -> CoefficientFilter {
        var filter = CoefficientFilter()
        for _ in 0..<count { filter.append(0.040 * factor, parts: parts, elapsed: 30) }
        return filter
    }

    private func factors(_ filter: CoefficientFilter) -> [Double] {
        [filter.times.fixed, filter.times.sequences, filter.times.prefill]
    }

    // One measurement of 1.3 with a prior spread of 0.3 and an error of 0.05 brings 97 % of the way.
    @Test func wholeEngineSlower_oneMeasurement_movesAllThreeTogether() {
        let filter = measured(1.3, count: 1)
        #expect(factors(filter).allSatisfy { abs($0 - 1.29) < 0.006 })
    }

    @Test func wholeEngineSlower_twentyMeasurements_isLearnedWithinAPerCent() {
        let filter = measured(1.3, count: 20)
        #expect(factors(filter).allSatisfy { abs($0 - 1.3) < 0.01 })
    }

    @Test func onlySequencesSlower_loadsThatDiffer_tellThemApart() {
        var filter = CoefficientFilter()
        for step in 0..<400 {
            let sequences = step.isMultiple(of: 2) ? 0.002 : 0.030
            let parts = CoefficientFilter.Parts(fixed: 0.010, sequences: sequences, prefill: 0)
            filter.append(0.010 + 1.2 * sequences, parts: parts, elapsed: 30)
        }
        #expect(abs(filter.times.fixed - 1) < 0.02)
        #expect(abs(filter.times.sequences - 1.2) < 0.02)
    }

    @Test func outlier_oneAmongMany_hardlyMoves() {
        var filter = measured(1, count: 20)
        filter.append(0.4, parts: parts, elapsed: 30)
        #expect(factors(filter).allSatisfy { $0 > 1 && $0 < 1.09 })
        filter.append(0.040, parts: parts, elapsed: 30)
        #expect(factors(filter).allSatisfy { $0 < 1.06 })
    }

    @Test func anotherEngine_fiveMeasurements_isLearnedAnew() {
        var filter = measured(1, count: 100)
        for _ in 0..<5 { filter.append(0.080, parts: parts, elapsed: 30) }
        #expect(factors(filter).allSatisfy { abs($0 - 2) < 0.15 })
    }

    @Test func factors_stayWithinTheirRange() {
        #expect(factors(measured(50, count: 60)) == [4, 4, 4])
        #expect(factors(measured(0.001, count: 60)) == [0.25, 0.25, 0.25])
    }

    @Test(arguments: [0, -1, .nan, .infinity]) func measurement_thatIsNone_changesNothing(value: Double) {
        var filter = CoefficientFilter()
        filter.append(value, parts: parts, elapsed: 30)
        filter.append(0.1, parts: .init(fixed: 0, sequences: 0, prefill: 0), elapsed: 30)
        #expect(filter == CoefficientFilter())
    }

    @Test func corrected_multipliesByCause() {
        let profile = PerformanceProfile.plantA100.timed(measured(1.3, count: 50).times)
        #expect(abs(profile.c0 / PerformanceProfile.plantA100.c0 - 1.3) < 0.01)
        #expect(abs(profile.c2 / PerformanceProfile.plantA100.c2 - 1.3) < 0.01)
        #expect(abs(profile.c4 / PerformanceProfile.plantA100.c4 - 1.3) < 0.01)
        #expect(profile.maxBatch == PerformanceProfile.plantA100.maxBatch)
    }
}
