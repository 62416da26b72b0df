internal import Performance

/// How one kind of table writes its measurements.
struct BenchmarkLayout: Sendable {
    /// What people call the table.
    var name: String
    /// Columns that tell it from the others.
    var required: [String]
    var parse: @Sendable (BenchmarkCells) throws(BenchmarkError) -> BenchmarkRow

    /// All tables that are known. The order matters where one's columns include another's.
    static let all = [own, aiconfigurator, splitwise, argonneFirstToken, argonneLatency]

    func fits(_ table: CSVTable) -> Bool { required.allSatisfy { table.index(of: $0) != nil } }

    private static func row(
        _ setup: BenchmarkRow.Setup, _ measurements: [FitMeasurement], concurrency: Double, tokens: Double,
        ttft: Double? = nil
    ) -> BenchmarkRow {
        BenchmarkRow(
            setup: setup, measurements: measurements, concurrency: concurrency, tokensInFlight: concurrency * tokens,
            ttft: ttft)
    }

    /// Times of a closed loop: first token and between tokens, either of which may be missing.
    private static func closedLoop(
        prompt: Double, output: Double, concurrency: Double, ttft: Double?, itl: Double?
    ) -> [FitMeasurement] {
        let first = ttft.map {
            FitMeasurement.firstToken(promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: $0)
        }
        let between = itl.map {
            FitMeasurement.interToken(promptTokens: prompt, outputTokens: output, concurrency: concurrency, seconds: $0)
        }
        return [first, between].compactMap { $0 }
    }
}

// MARK: - A user's own table

extension BenchmarkLayout {
    private static let own = BenchmarkLayout(
        name: "your own benchmark", required: ["prompt_tokens", "output_tokens", "concurrency"]
    ) { cells throws(BenchmarkError) in
        let prompt = try cells.required("prompt_tokens")
        let output = try cells.required("output_tokens")
        let concurrency = try cells.required("concurrency")
        let ttft = try seconds(cells, ["ttft_seconds", "ttft_ms"])
        let between = try seconds(cells, ["itl_seconds", "itl_ms", "tpot_seconds", "tpot_ms"])
        let throughput = try cells.positive("throughput_tokens_per_second")
        let itl =
            between
            ?? throughput.flatMap {
                interToken(output: output, concurrency: concurrency, throughput: $0, ttft: ttft)
            }
        var setup = BenchmarkRow.Setup()
        setup.model = cells.text("model")
        setup.hardware = cells.text("hardware")
        setup.framework = cells.text("framework")
        setup.precision = cells.text("precision")
        setup.accelerators = Int(try cells.positive("accelerators") ?? 0)
        let measured = closedLoop(prompt: prompt, output: output, concurrency: concurrency, ttft: ttft, itl: itl)
        guard !measured.isEmpty else {
            throw cells.error(
                "ttft_seconds",
                "neither a time to first token nor one between tokens; fill in ttft_seconds "
                    + "or ttft_ms, itl_seconds or itl_ms")
        }
        return row(setup, measured, concurrency: concurrency, tokens: prompt + output, ttft: ttft)
    }

    /// Time between tokens from the output tokens per second of all requests: in `ttft + (o-1) itl` seconds, `concurrency`
    /// requests make `o` tokens each. Nil when that leaves no time.
    private static func interToken(output: Double, concurrency: Double, throughput: Double, ttft: Double?) -> Double? {
        guard let ttft, output > 1 else { return nil }
        let seconds = (concurrency * output / throughput - ttft) / (output - 1)
        return seconds > 0 ? seconds : nil
    }

    /// The first of these columns that is filled in; the name's end is its unit.
    private static func seconds(_ cells: BenchmarkCells, _ columns: [String]) throws(BenchmarkError) -> Double? {
        for column in columns {
            guard let value = try cells.positive(column) else { continue }
            return column.hasSuffix("_ms") ? value / 1000 : value
        }
        return nil
    }
}

// MARK: - Published tables

extension BenchmarkLayout {
    /// ai-dynamo/aiconfigurator, `silicon_sample`: a closed loop of `batch_size` requests in flight.
    private static let aiconfigurator = BenchmarkLayout(
        name: "aiconfigurator", required: ["isl", "osl", "batch_size", "silicon_ttft_ms", "silicon_tpot_ms"]
    ) { cells throws(BenchmarkError) in
        var setup = BenchmarkRow.Setup()
        setup.model = cells.text("model_path")
        setup.hardware = cells.text("system")
        setup.framework = cells.text("backend")
        setup.precision = cells.text("precision")
        // Rows that split prefill and decode over separate replicas are another model.
        guard cells.text("mode") != "disagg", let batch = try cells.positive("batch_size") else {
            return row(setup, [], concurrency: 0, tokens: 0)
        }
        let prompt = try cells.required("isl")
        let output = try cells.required("osl")
        setup.accelerators = Int(try cells.required("tp_size") * cells.required("pp_size"))
        let split = ["tp_size", "attention_dp_size", "moe_tp_size", "moe_ep_size"].map { cells.text($0) }
        setup.parallelism = "tp\(split[0]) dp\(split[1]) moe-tp\(split[2]) ep\(split[3])"
        let ttft = try cells.positive("silicon_ttft_ms").map { $0 / 1000 }
        let itl = try cells.positive("silicon_tpot_ms").map { $0 / 1000 }
        return row(
            setup, closedLoop(prompt: prompt, output: output, concurrency: batch, ttft: ttft, itl: itl),
            concurrency: batch, tokens: prompt + output, ttft: ttft)
    }

    /// Mutinifni/splitwise-sim, `perf_model.csv`: the prompt phase of a whole batch, and one token for all of it.
    private static let splitwise = BenchmarkLayout(
        name: "splitwise-sim", required: ["prompt_size", "batch_size", "token_size", "prompt_time", "token_time"]
    ) { cells throws(BenchmarkError) in
        var setup = BenchmarkRow.Setup()
        setup.model = cells.text("model")
        setup.hardware = cells.text("hardware")
        setup.accelerators = Int(try cells.positive("tensor_parallel") ?? 0)
        let prompt = try cells.required("prompt_size")
        let output = try cells.required("token_size")
        let batch = try cells.required("batch_size")
        let prefill = FitMeasurement.prefill(
            promptTokens: prompt, batch: batch, seconds: try cells.required("prompt_time") / 1000)
        let token = FitMeasurement.iteration(
            contextTokens: prompt + output / 2, batch: batch, seconds: try cells.required("token_time") / 1000)
        return row(setup, [prefill, token], concurrency: batch, tokens: prompt + output)
    }

    /// argonne-lcf/LLM-Inference-Bench, `All_results.csv`: batches that start together, with as many tokens out as in.
    private static let argonneLatency = BenchmarkLayout(
        name: "LLM-Inference-Bench",
        required: ["Hardware", "Num of Hardware", "Input Output Length", "Batch Size", "Latency"]
    ) { cells throws(BenchmarkError) in
        let length = try cells.required("Input Output Length")
        let batch = try cells.required("Batch Size")
        let latency = FitMeasurement.wholeBatch(
            promptTokens: length, outputTokens: length, batch: batch, seconds: try cells.required("Latency"))
        return row(try argonneSetup(cells), [latency], concurrency: batch, tokens: 2 * length)
    }

    /// argonne-lcf/LLM-Inference-Bench, `all_results_TTFT_ITL.csv`: the prefill of a batch that starts together.
    private static let argonneFirstToken = BenchmarkLayout(
        name: "LLM-Inference-Bench, first token", required: ["Hardware", "Input Length", "Batch Size", "TTFT Latency"]
    ) { cells throws(BenchmarkError) in
        let length = try cells.required("Input Length")
        let batch = try cells.required("Batch Size")
        let time = try cells.positive("TTFT Latency")
        let measured = time.map { FitMeasurement.prefill(promptTokens: length, batch: batch, seconds: $0) }
        return row(try argonneSetup(cells), [measured].compactMap { $0 }, concurrency: batch, tokens: length)
    }

    private static func argonneSetup(_ cells: BenchmarkCells) throws(BenchmarkError) -> BenchmarkRow.Setup {
        var setup = BenchmarkRow.Setup()
        setup.model = cells.text("Model")
        setup.hardware = cells.text("Hardware")
        setup.framework = cells.text("Framework")
        setup.accelerators = Int(try cells.positive("Num of Hardware") ?? 0)
        return setup
    }
}
