import Sampling
import Testing
import Traces

struct TransformTests {
    private func trace(_ rows: [RequestRow], name: String = "t") -> Trace {
        var builder = TraceBuilder()
        for row in rows { builder.append(TraceBuilder.Request(row: row)) }
        return builder.finish(name: name)
    }

    /// `count` requests, one each `step` seconds; the k-th has k + 1 prompt tokens.
    private func steady(_ count: Int, step: Double) -> Trace {
        trace((0..<count).map { row(Double($0) * step, UInt32($0 + 1), 1) })
    }

    @Test func window_rezeroed_keepsStartAndDropsEnd() {
        let window = steady(10, step: 1).window(3..<6, rezeroed: true)
        #expect(window.rows == [row(0, 4, 1), row(1, 5, 1), row(2, 6, 1)])
        #expect(steady(10, step: 1).window(3..<6, rezeroed: false).arrivals == [3, 4, 5])
    }

    @Test func spedUp_byFour_dividesTimes() {
        #expect(steady(3, step: 10).spedUp(by: 4).arrivals == [0, 2.5, 5])
    }

    @Test func repeated_twice_startsOnTheNextWholeSecond() {
        // The last request arrives at 4.8: the second pass begins at 5.
        #expect(steady(3, step: 2.4).repeated(times: 2).arrivals == [0, 2.4, 4.8, 5, 7.4, 9.8])
    }

    @Test func thinned_toAQuarter_keepsAboutAQuarterInOrder() {
        var generator = SeededGenerator(seed: 1)
        let thinned = steady(40_000, step: 1).thinned(toShare: 0.25, using: &generator)
        #expect(abs(thinned.count - 10_000) < 4 * 87)
        #expect(thinned.arrivals == thinned.arrivals.sorted())
    }

    @Test func superposed_copies_followTheRule() {
        let original = steady(2_000, step: 1)
        var generator = SeededGenerator(seed: 7)
        let busy = original.superposed(copies: 5, using: &generator)
        #expect(busy.count == 10_000)
        #expect(busy.arrivals == busy.arrivals.sorted())
        #expect(busy.firstArrival >= 0 && busy.lastArrival <= 1_999)
        // Copy 0 is there untouched.
        #expect(Set(original.rows).isSubset(of: Set(busy.rows)))
        // A copied request lies at most 30 s from its origin, whose lengths come from at most 50 rows (here s) away.
        #expect(busy.rows.allSatisfy { abs($0.arrival - Double($0.promptTokens - 1)) <= 80 })
        #expect(busy.rows.contains { abs($0.arrival - Double($0.promptTokens - 1)) > 70 })
        var again = SeededGenerator(seed: 7)
        #expect(original.superposed(copies: 5, using: &again).rows == busy.rows)
    }

    @Test func superposed_oneCopy_isTheOriginal() {
        var generator = SeededGenerator(seed: 7)
        #expect(steady(10, step: 1).superposed(copies: 1, using: &generator).rows == steady(10, step: 1).rows)
    }

    @Test func superposed_byTwoAndAHalf_addsHalfACopy() {
        var generator = SeededGenerator(seed: 7)
        let busy = steady(10_000, step: 1).superposed(byFactor: 2.5, using: &generator)
        #expect(abs(busy.count - 25_000) < 4 * 50)
    }

    @Test func warmUp_resemblesTheFirstFiveMinutes() {
        // 10/s in the first 300 s with prompts of at most 3,000; faster and longer afterwards.
        var rows = (0..<3_000).map { row(Double($0) / 10, UInt32($0 + 1), 1) }
        rows += (0..<10_000).map { row(300 + Double($0) / 100, 50_000, 1) }
        let original = trace(rows)
        var generator = SeededGenerator(seed: 3)
        let warm = original.withWarmUp(seconds: 1_200, using: &generator)
        let added = warm.rows.filter { $0.arrival < 0 }
        #expect(abs(added.count - 12_000) < 4 * 110)
        #expect(added.allSatisfy { $0.arrival >= -1_200 && $0.promptTokens <= 3_000 })
        #expect(Array(warm.rows.suffix(rows.count)) == rows)
        #expect(Set(added.map(\.promptTokens)).count > 2_500)
    }

    @Test func warmUp_zeroSeconds_isTheOriginal() {
        var generator = SeededGenerator(seed: 3)
        #expect(steady(10, step: 1).withWarmUp(seconds: 0, using: &generator).rows == steady(10, step: 1).rows)
    }

    @Test func merged_columnsOfOne_areFilledForTheOther() throws {
        let plain = trace([row(1, 10, 1)], name: "plain")
        let rich = try read(
            "timestamp,prompt_tokens,output_tokens,uncached_tokens,workload\n0,20,1,5,chat\n2,30,1,6,code\n"
        ).trace
        let merged = Trace.merged([plain, rich], name: "both")
        #expect(merged.rows == [row(0, 20, 1), row(1, 10, 1), row(2, 30, 1)])
        #expect(merged.uncached == [5, 10, 6])
        #expect(
            (0..<3).compactMap { merged.workload($0) }.map { merged.workloadNames[Int($0)] } == [
                "chat", "plain", "code",
            ])
    }

    @Test func withLengths_ofAnotherTrace_drawsWholeRows() {
        let other = trace([row(0, 100, 1), row(1, 200, 2)])
        var generator = SeededGenerator(seed: 3)
        let drawn = steady(1_000, step: 1).withLengths(.rows(other), using: &generator)
        #expect(drawn.arrivals == steady(1_000, step: 1).arrivals)
        #expect(drawn.rows.allSatisfy { $0.promptTokens == 100 * $0.outputTokens })
        #expect(abs(drawn.rows.filter { $0.outputTokens == 1 }.count - 500) < 64)
    }

    @Test func spread_overAStep_staysWithinIt() {
        var generator = SeededGenerator(seed: 3)
        let spread = trace((0..<300).map { row(Double($0 / 3 * 3), 1, 1) }).spread(overSeconds: 3, using: &generator)
        #expect(spread.arrivals == spread.arrivals.sorted())
        #expect(Set(spread.arrivals).count == 300)
    }
}
