internal import Prometheus

/// Counters and histograms by the names, labels and buckets of vLLM (V1), so that what reads those reads these.
struct EngineMetrics {
    /// When things happened to a request that was answered whole, in seconds.
    struct Life {
        var arrival: Double
        var prefillStart: Double
        var firstToken: Double
        var end: Double
        var usage: EngineUsage
    }

    private var promptTokens = 0
    private var cachedTokens = 0
    private var queriedTokens = 0
    private var outputTokens = 0
    private var finished: [FinishReason: Int] = [:]
    private var timeToFirstToken = MetricHistogram(bounds: Self.firstTokenBounds)
    private var interTokenLatency = MetricHistogram(bounds: Self.tokenBounds)
    private var timePerOutputToken = MetricHistogram(bounds: Self.tokenBounds)
    private var latency = MetricHistogram(bounds: Self.requestBounds)
    private var queueTime = MetricHistogram(bounds: Self.requestBounds)
    private var inferenceTime = MetricHistogram(bounds: Self.requestBounds)
    private var prefillTime = MetricHistogram(bounds: Self.requestBounds)
    private var decodeTime = MetricHistogram(bounds: Self.requestBounds)
    private var requestPromptTokens = MetricHistogram(bounds: Self.countBounds)
    private var requestOutputTokens = MetricHistogram(bounds: Self.countBounds)

    // MARK: What happened

    mutating func note(_ reason: FinishReason) { finished[reason, default: 0] += 1 }

    mutating func noteFirstToken(seconds: Double, promptTokens: Int) {
        self.promptTokens += promptTokens
        outputTokens += 1
        timeToFirstToken.observe(seconds)
    }

    mutating func noteTokens(_ count: Int, secondsEach: Double) {
        outputTokens += count
        interTokenLatency.observe(secondsEach, times: count)
    }

    mutating func note(_ life: Life) {
        latency.observe(life.end - life.arrival)
        queueTime.observe(life.prefillStart - life.arrival)
        inferenceTime.observe(life.end - life.prefillStart)
        prefillTime.observe(life.firstToken - life.prefillStart)
        decodeTime.observe(life.end - life.firstToken)
        if life.usage.outputTokens > 1 {
            timePerOutputToken.observe((life.end - life.firstToken) / Double(life.usage.outputTokens - 1))
        }
        requestPromptTokens.observe(Double(life.usage.promptTokens))
        requestOutputTokens.observe(Double(life.usage.outputTokens))
        queriedTokens += life.usage.promptTokens
        cachedTokens += life.usage.cachedTokens
    }

    // MARK: The page

    /// The page of `/metrics`.
    ///
    /// - Parameters:
    ///   - load: the gauges.
    ///   - modelName: the value of the label `model_name`.
    /// - Returns: text in Prometheus' format.
    func page(_ load: EngineLoad, modelName: String) -> String {
        let labels = [MetricLabel("model_name", modelName), MetricLabel("engine", "0")]
        var page = MetricsPage()
        addGauges(load, labels, to: &page)
        addCounters(labels, to: &page)
        addHistograms(labels, to: &page)
        return page.text
    }

    private func addGauges(_ load: EngineLoad, _ labels: [MetricLabel], to page: inout MetricsPage) {
        page.add(
            "vllm:num_requests_running", .gauge, help: "Requests in the emulated batch.",
            value: Double(load.runningCount), labels: labels)
        page.add(
            "vllm:num_requests_waiting", .gauge, help: "Requests that wait for room in the emulated batch.",
            value: Double(load.waitingCount), labels: labels)
        page.add(
            "vllm:kv_cache_usage_perc", .gauge, help: "Reserved share of the emulated memory, 1 is all of it.",
            value: load.kvShare, labels: labels)
    }

    private func addCounters(_ labels: [MetricLabel], to page: inout MetricsPage) {
        let counters: [(String, String, Int)] = [
            ("prompt_tokens", "Prompt tokens prefilled.", promptTokens),
            ("generation_tokens", "Tokens made.", outputTokens),
            ("prefix_cache_queries", "Prompt tokens looked up in the prefix cache.", queriedTokens),
            ("prefix_cache_hits", "Prompt tokens that the prefix cache held, as requests said.", cachedTokens),
            ("num_preemptions", "Preemptions; there are none.", 0),
        ]
        for (name, help, value) in counters {
            page.add("vllm:\(name)_total", .counter, help: help, value: Double(value), labels: labels)
        }
        page.add(
            "vllm:request_success_total", .counter, help: "Requests ended, by reason.",
            samples: FinishReason.allCases.map {
                (labels + [MetricLabel("finished_reason", $0.rawValue)], Double(finished[$0, default: 0]))
            })
    }

    private func addHistograms(_ labels: [MetricLabel], to page: inout MetricsPage) {
        let histograms: [(String, String, MetricHistogram)] = [
            ("time_to_first_token_seconds", "From arrival to the first token.", timeToFirstToken),
            ("inter_token_latency_seconds", "Between the tokens of an answer.", interTokenLatency),
            ("request_time_per_output_token_seconds", "Mean between the tokens of an answer.", timePerOutputToken),
            ("e2e_request_latency_seconds", "From arrival to the end of the answer.", latency),
            ("request_queue_time_seconds", "From arrival to the begin of the prefill.", queueTime),
            ("request_inference_time_seconds", "From the begin of the prefill to the end.", inferenceTime),
            ("request_prefill_time_seconds", "From the begin of the prefill to the first token.", prefillTime),
            ("request_decode_time_seconds", "From the first token to the last.", decodeTime),
            ("request_prompt_tokens", "Prompt tokens of a request.", requestPromptTokens),
            ("request_generation_tokens", "Tokens made for a request.", requestOutputTokens),
        ]
        for (name, help, histogram) in histograms {
            page.add("vllm:\(name)", help: help, histograms: [(labels, histogram)])
        }
    }

    // MARK: Buckets of vLLM

    private static let firstTokenBounds = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
        2560,
    ]
    private static let tokenBounds = [
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
    ]
    private static let requestBounds = [
        0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
    ]
    private static let countBounds: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    ]
}
