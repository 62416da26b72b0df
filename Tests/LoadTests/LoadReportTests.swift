import Testing

@testable import Load

struct LoadReportTests {
    @Test func quantile_missingRequests_countAsNever() {
        var histogram = LatencyHistogram()
        for milliseconds in 1...98 { histogram.record(Double(milliseconds) * 1e-3) }
        for _ in 0..<2 { histogram.recordMissing() }
        #expect(abs((histogram.quantile(0.5) ?? 0) - 0.050) < 1e-4)
        #expect(abs((histogram.quantile(0.98) ?? 0) - 0.098) < 1e-4)
        #expect(histogram.quantile(0.99) == nil)
        #expect(histogram.quantile(1) == nil)
    }

    @Test func quantile_nothing_isMissing() { #expect(LatencyHistogram().quantile(0.5) == nil) }

    @Test func json_report_isStable() throws {
        let none = LatencySummary(count: 0)
        let some = LatencySummary(
            count: 2, mean: 0.5, p50: 0.25, p90: 0.75, p95: 0.75, p99: nil, p999: nil, max: nil)
        let workload = LoadReport.Workload(
            model: "m", sent: 4, offered: 3, finished: 3, good: 2, attainment: 2.0 / 3,
            outcomes: ["status_503": 1, "answered": 2], shortAnswers: 0, promptTokens: 10, outputTokens: 20,
            ttft: some, itl: none, latency: none)
        let report = LoadReport(
            target: "http://h:1/v1/completions", startedAt: 1000.5, seconds: 12, speed: 1, wasStopped: false,
            connections: 2, inFlightMax: 2, lag: none, workloads: [workload])
        #expect(try report.json() == golden)
    }

    private var golden: String {
        """
        {
          "connections" : 2,
          "in_flight_max" : 2,
          "lag" : {
            "count" : 0,
            "max" : null,
            "mean" : null,
            "p50" : null,
            "p90" : null,
            "p95" : null,
            "p99" : null,
            "p999" : null
          },
          "schema" : 1,
          "seconds" : 12,
          "speed" : 1,
          "started_at" : 1000.5,
          "target" : "http://h:1/v1/completions",
          "was_stopped" : false,
          "workloads" : [
            {
              "attainment" : 0.6666666666666666,
              "finished" : 3,
              "good" : 2,
              "itl" : {
                "count" : 0,
                "max" : null,
                "mean" : null,
                "p50" : null,
                "p90" : null,
                "p95" : null,
                "p99" : null,
                "p999" : null
              },
              "latency" : {
                "count" : 0,
                "max" : null,
                "mean" : null,
                "p50" : null,
                "p90" : null,
                "p95" : null,
                "p99" : null,
                "p999" : null
              },
              "model" : "m",
              "offered" : 3,
              "outcomes" : {
                "answered" : 2,
                "status_503" : 1
              },
              "output_tokens" : 20,
              "prompt_tokens" : 10,
              "sent" : 4,
              "short_answers" : 0,
              "ttft" : {
                "count" : 2,
                "max" : null,
                "mean" : 0.5,
                "p50" : 0.25,
                "p90" : 0.75,
                "p95" : 0.75,
                "p99" : null,
                "p999" : null
              }
            }
          ]
        }

        """
    }
}
