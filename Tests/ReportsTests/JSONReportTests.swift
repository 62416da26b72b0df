import Backtest
import Foundation
import Reports
import Simulation
import Testing

@Suite struct JSONReportTests {
    private func parsed(_ text: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    @Test func render_document_hasTheDocumentedMembers() throws {
        let document = try parsed(JSONReport(SyntheticReport.full).render())
        #expect(document["schema"] as? Int == 1)
        #expect(document["attainment_target"] as? Double == 0.99)
        let plant = try #require(document["plant"] as? [String: Any])
        #expect(plant["start_up_seconds"] as? Int == 60)
        #expect(plant["profile"] as? String == "8b-a100")
        #expect((document["runs"] as? [Any])?.count == 36)
        #expect((document["references"] as? [Any])?.count == 2)
        #expect((document["notes"] as? [String])?.count == 1)
    }

    @Test func render_run_hasExactlyTheDocumentedKeysInOrder() throws {
        let text = JSONReport(SyntheticReport.full).render()
        let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("{\"trace\"") && $0.contains("policy") })
        let keys = line.matches(of: /"([a-z_0-9]+)":/).map { String($0.output.1) }
        #expect(
            keys == [
                "trace", "policy", "dispatch", "tuned", "knob", "seed", "requests", "attainment", "ttft_ok_ratio",
                "itl_ok_ratio", "unfinished", "accelerator_hours", "replica_hours", "start_up_hours", "cost",
                "energy_kwh",
                "ttft_seconds",
                "p50", "p95", "p99", "itl_seconds", "p50", "p95", "p99", "starts", "scale_actions", "peak_replicas",
                "ratio_to_clairvoyant", "ratio_to_static", "ratio_to_fluid", "simulate_seconds", "latency_seconds",
                "p50",
                "p95", "p99", "late_ttft_seconds", "p50", "p95", "p99", "failed", "ttft_mean_seconds",
                "itl_mean_seconds", "preemptions", "busy_fraction", "measured_seconds", "digest",
            ])
    }

    @Test func render_page_documentsEveryKey() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "docs/backtest.md"), encoding: .utf8)
        let keys = Set(
            JSONReport(SyntheticReport.full).render().matches(of: /"([a-z_0-9]+)":/).map { String($0.output.1) })
        let settings = Set(SyntheticReport.full.plant.map(\.name))
        let missing = keys.subtracting(settings).filter { !page.contains("`\($0)`") }.sorted()
        #expect(missing == [])
    }

    @Test func render_infiniteAndMissing_areNull() throws {
        var outcome = SimulationOutcome()
        outcome.ttft.p99 = .infinity
        let run = BacktestRun(trace: "a", policy: "b", isTuned: false, knob: 1, seed: 1, outcome: outcome, cost: 0)
        let text = JSONReport(BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)).render()
        #expect(text.contains("\"ttft_seconds\":{\"p50\":0,\"p95\":0,\"p99\":null}"))
        #expect(text.contains("\"ratio_to_static\":null"))
        _ = try parsed(text)
    }

    @Test func render_largeSeed_isWrittenWithoutSignOrLoss() throws {
        var run = BacktestRun(
            trace: "a", policy: "b", isTuned: false, knob: 1, seed: .max, outcome: SimulationOutcome(), cost: 0)
        run.timeline = [
            TimelinePoint(
                start: 0, arrivalRate: 1, workRate: 1, desired: 1, current: 1, ready: 1, queued: 0, running: 1)
        ]
        let report = BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)
        #expect(JSONReport(report).render().contains("\"seed\":18446744073709551615,"))
        #expect(HTMLReport(report).render().contains("\"seed\":18446744073709551615,"))
    }

    @Test func render_awkwardNames_areEscaped() throws {
        let name = "a \"b\" \\ \n </script> \u{1} é"
        let run = BacktestRun(
            trace: name, policy: "b", isTuned: false, knob: 0.1, seed: 1, outcome: SimulationOutcome(), cost: 0)
        let text = JSONReport(
            BacktestReport(plant: [("v", "1.10"), ("w", "01")], references: [], runs: [run], attainmentTarget: 0.99)
        ).render()
        let document = try parsed(text)
        #expect((document["runs"] as? [[String: Any]])?.first?["trace"] as? String == name)
        #expect(!text.contains("</script"))
        #expect((document["plant"] as? [String: Any])?["w"] as? String == "01")
    }

    @Test func render_sameReportTwice_isTheSameText() {
        #expect(JSONReport(SyntheticReport.full).render() == JSONReport(SyntheticReport.full).render())
    }
}
