import Reports
import Testing

@Suite struct StatisticTests {
    @Test func statistic_values_meanAndSampleDeviation() {
        let statistic = Statistic([2, 4, 4, 6])
        #expect(statistic.mean == 4)
        // Squares 4 + 0 + 0 + 4 = 8, over 3.
        #expect(statistic.deviation == (8.0 / 3).squareRoot())
    }

    @Test func statistic_oneOrInfinite_hasNoDeviation() {
        #expect(Statistic([3]).deviation == nil)
        #expect(Statistic([3, .infinity]).mean == .infinity)
        #expect(Statistic([3, .infinity]).deviation == nil)
    }
}
