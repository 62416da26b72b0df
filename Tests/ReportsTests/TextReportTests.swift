import Backtest
import Reports
import Simulation
import Testing

@Suite struct TextReportTests {
    private func run(_ policy: String, good: Int, hours: Double, seed: UInt64 = 1, isTuned: Bool = false) -> BacktestRun
    {
        var outcome = SimulationOutcome()
        outcome.requests = 10_000
        outcome.good = good
        outcome.billedSeconds = hours * 3600
        outcome.horizonSeconds = 3600
        outcome.ttft.p99 = 0.82
        outcome.itl.p99 = 0.041
        return BacktestRun(
            trace: "a", policy: policy, isTuned: isTuned, knob: 1, seed: seed, outcome: outcome, cost: hours)
    }

    private func report(_ runs: [BacktestRun]) -> BacktestReport {
        BacktestReport(plant: [], references: [], runs: runs, attainmentTarget: 0.99)
    }

    private func rows(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test func render_policies_standThoseThatMeetTheTargetFirstByCost() {
        let text = TextReport(
            report([
                run("late", good: 9_000, hours: 1), run("dear", good: 9_990, hours: 3),
                run("fair", good: 9_900, hours: 2),
                run("later", good: 8_000, hours: 5),
            ])
        ).render()
        let names = rows(text).filter { !$0.hasPrefix("-") }[3...6].map {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(names == ["fair", "dear", "late", "later"])
        #expect(rows(text)[5] == "- these miss the target:")
        #expect(text.contains("cheapest untuned policy that meets 99\u{a0}% is fair at 2.00 accelerator-hours."))
    }

    @Test func render_justBelowTheTarget_isNotShownAsTheTarget() {
        let text = TextReport(report([run("close", good: 9_899, hours: 1)])).render()
        #expect(text.contains(" 98.9 "))
        #expect(text.contains("no policy meets 99\u{a0}%; the best served is close with 98.9\u{a0}%."))
    }

    @Test func render_severalSeeds_showMeanAndDeviation() {
        let text = TextReport(
            report([run("hpa", good: 9_500, hours: 2), run("hpa", good: 9_700, hours: 4, seed: 2)])
        ).render()
        // 95 and 97: mean 96, sample deviation sqrt(2) = 1.4; 2 and 4 hours: 3 and 1.41.
        #expect(text.contains("96.0 ± 1.4"))
        #expect(text.contains("3.00 ± 1.41"))
        #expect(text.contains("2 seeds"))
    }

    @Test func render_tuned_isMarkedAndExplained() {
        let text = TextReport(
            report([run("hpa", good: 9_000, hours: 2), run("hpa", good: 9_900, hours: 3, isTuned: true)])
        ).render()
        #expect(text.contains("hpa *"))
        #expect(text.contains("* tuned:"))
        #expect(text.contains("no untuned policy meets 99\u{a0}%"))
        #expect(!TextReport(report([run("hpa", good: 9_000, hours: 2)])).render().contains("tuned:"))
    }

    @Test func render_equals_areNotAWinner() {
        let text = TextReport(
            report([run("a", good: 9_990, hours: 2), run("b", good: 9_950, hours: 2), run("c", good: 9_950, hours: 3)])
        ).render()
        #expect(text.contains("policies that meet 99\u{a0}% are equal, a, b, at 2.00 accelerator-hours."))
    }

    @Test func render_cost_isShownWhereThereArePrices() {
        #expect(rows(TextReport(SyntheticReport.full).render())[2].contains(" cost "))
        var free = run("hpa", good: 9_990, hours: 2)
        free.cost = 0
        #expect(!TextReport(report([free])).render().contains(" cost "))
    }

    @Test func render_aService_hasLatencyAndNoTokens() {
        var service = report([run("hpa", good: 9_990, hours: 2)])
        service.plant = [("slo_latency_seconds", "0.9")]
        let text = TextReport(service).render()
        #expect(text.contains("latency"))
        #expect(!text.contains("TTFT") && !text.contains("ITL"))
    }

    @Test(arguments: [60, 80, 100, 120, 200])
    func render_width_isKept(_ columns: Int) {
        let text = TextReport(SyntheticReport.full, columns: columns).render()
        #expect(rows(text).allSatisfy { $0.count <= min(columns, 120) })
        #expect(text.contains("columns do not fit") == (columns < 120))
    }

    @Test func render_colour_onlyWhenAsked() {
        #expect(!TextReport(SyntheticReport.full).render().contains("\u{1B}"))
        #expect(TextReport(SyntheticReport.full, isColoured: true).render().contains("\u{1B}[32m"))
    }

    @Test func render_unanswered_saysNever() {
        #expect(TextReport(SyntheticReport.full).render().contains("never"))
    }

    @Test func render_noRuns_saysNothingFalse() {
        #expect(!TextReport(report([])).render().contains("Look first"))
    }
}
