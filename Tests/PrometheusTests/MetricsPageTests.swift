import Prometheus
import Testing

@Suite struct MetricsPageTests {
    @Test func add_families_areWrittenAsTheFormatHasThem() {
        var page = MetricsPage()
        page.add("a:running", .gauge, help: "Requests that run.", value: 3, labels: [MetricLabel("model", "m")])
        page.add(
            "done_total", .counter, help: "Requests answered.",
            samples: [([MetricLabel("reason", "stop"), MetricLabel("engine", "0")], 12), ([], 0.5)])
        #expect(
            page.text == """
                # HELP a:running Requests that run.
                # TYPE a:running gauge
                a:running{model="m"} 3.0
                # HELP done_total Requests answered.
                # TYPE done_total counter
                done_total{reason="stop",engine="0"} 12.0
                done_total 0.5

                """)
        #expect(page.omittedCount == 0)
    }

    @Test func add_histogram_countsUpToEachBound() {
        var histogram = MetricHistogram(bounds: [0.1, 1, 10])
        for value in [0.1, 0.5, 0.5, 20] { histogram.observe(value) }
        var page = MetricsPage()
        page.add("t", help: "Time.", histograms: [([MetricLabel("m", "a")], histogram)])
        #expect(
            page.text == """
                # HELP t Time.
                # TYPE t histogram
                t_bucket{m="a",le="0.1"} 1.0
                t_bucket{m="a",le="1.0"} 3.0
                t_bucket{m="a",le="10.0"} 3.0
                t_bucket{m="a",le="+Inf"} 4.0
                t_sum{m="a"} 21.1
                t_count{m="a"} 4.0

                """)
    }

    @Test func add_textWithSpecialCharacters_isEscaped() {
        var page = MetricsPage()
        page.add("a", .gauge, help: "back\\slash \"and\"\nline", value: 1, labels: [MetricLabel("l", "q\" b\\ n\n é")])
        #expect(page.text.contains("# HELP a back\\\\slash \"and\"\\nline\n"))
        #expect(page.text.contains("a{l=\"q\\\" b\\\\ n\\n é\"} 1.0\n"))
    }

    @Test(arguments: [
        (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e-5, "1e-05"), (1e18, "1e+18"), (0, "0.0"),
    ])
    func add_number_isWrittenAsClientsDo(value: Double, text: String) {
        var page = MetricsPage()
        page.add("a", .gauge, help: "A.", value: value)
        #expect(page.text.hasSuffix("a \(text)\n"))
    }

    @Test func add_pastTheLimit_leavesWholeSamplesOutAndCountsThem() {
        var page = MetricsPage(byteLimit: 60)
        page.add("a", .gauge, help: "A.", samples: (0..<10).map { ([MetricLabel("i", "\($0)")], 1) })
        let lines = page.text.split(separator: "\n")
        #expect(page.text.utf8.count <= 60)
        #expect(page.text.hasSuffix(" 1.0\n"))
        #expect(lines.count - 2 + page.omittedCount == 10)
        #expect(page.omittedCount > 0)
        page.add("b", help: "B.", histograms: [([], MetricHistogram(bounds: [1]))])
        #expect(!page.text.contains("b"))
    }

    @Test func observe_values_findTheirBuckets() {
        var histogram = MetricHistogram(bounds: [1, 2, 4])
        histogram.observe(-1)
        histogram.observe(1)
        histogram.observe(1.5, times: 3)
        histogram.observe(4)
        histogram.observe(.infinity, times: 0)
        histogram.observe(.nan)
        #expect(histogram.counts == [2, 3, 1, 0])
        #expect(histogram.count == 6)
    }
}
