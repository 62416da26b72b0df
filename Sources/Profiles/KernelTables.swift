internal import Foundation
package import Performance

/// Times of single layers as LLMServingSim's profiler measures them, put together into steps of an engine.
///
/// The folder holds `dense.csv` (layer, tokens), `per_sequence.csv` (layer, sequences), `attention.csv` (prefill_chunk,
/// kv_prefill, n_decode, kv_decode) and, for mixtures of experts, `moe.csv` (tokens, activated_experts), each with a column
/// `time_us`, plain or with `.gz`. One layer of the model was measured: attention, the mixture and all dense layers but the
/// embedding and the last norm are taken `layers` times, the norm twice in each.
package struct KernelTables: Sendable {
    /// The model and how it is split, which the tables do not tell.
    package struct Setting: Hashable, Sendable {
        /// Layers of the model.
        package var layers: Int
        /// Seconds of one all-reduce besides its bytes, and per token; two in each layer. Zero on one accelerator.
        package var allReduceSeconds = 0.0
        package var allReduceSecondsPerToken = 0.0
        /// Replicas over which the experts are spread, each with the same load.
        package var expertParallel = 1

        package init(layers: Int) { self.layers = layers }
    }

    /// What one step does.
    package struct Step: Hashable, Sendable {
        /// Sequences that decode, each over so many tokens of context.
        package var sequences: Int
        package var contextTokens: Int
        /// Prompt tokens prefilled for one prompt, after so many that were done before.
        package var prefillTokens: Int
        package var prefilledTokens: Int

        package init(sequences: Int, contextTokens: Int, prefillTokens: Int, prefilledTokens: Int) {
            self.sequences = sequences
            self.contextTokens = contextTokens
            self.prefillTokens = prefillTokens
            self.prefilledTokens = prefilledTokens
        }
    }

    private static let onceLayers = ["embedding", "final_layernorm"]
    private static let twiceLayer = "layernorm"

    private let setting: Setting
    private let dense: [(layer: String, curve: KernelCurve)]
    private let perSequence: [KernelCurve]
    private let attention: AttentionTable
    private let experts: ExpertTable?

    /// Reads a folder's tables.
    ///
    /// - Throws: `BenchmarkError` naming file, line and column.
    package init(folder: String, setting: Setting) throws(BenchmarkError) {
        self.setting = setting
        dense = try KernelTables.curves(folder, "dense", by: "tokens")
        perSequence = try KernelTables.curves(folder, "per_sequence", by: "sequences").map(\.curve)
        attention = try AttentionTable(try KernelTables.cells(folder, "attention", isRequired: true))
        let mixture = try KernelTables.cells(folder, "moe", isRequired: false)
        experts = mixture.isEmpty ? nil : try ExpertTable(mixture)
    }

    /// Seconds of a step; nil where the tables hold nothing near it.
    package func seconds(_ step: Step) -> Double? {
        let tokens = Double(step.sequences + step.prefillTokens)
        guard tokens > 0, var layer = attention.microseconds(step) else { return nil }
        var once = 0.0
        for (name, curve) in dense {
            let time = curve.value(at: tokens)
            if KernelTables.onceLayers.contains(name) {
                once += time
            } else {
                layer += name == KernelTables.twiceLayer ? 2 * time : time
            }
        }
        layer += experts?.microseconds(tokens: tokens, replicas: Double(setting.expertParallel)) ?? 0
        let sampled = Double(step.sequences + (step.prefillTokens > 0 ? 1 : 0))
        for curve in perSequence { once += curve.value(at: sampled) }
        let exchange = 2 * (setting.allReduceSeconds + tokens * setting.allReduceSecondsPerToken)
        return Double(setting.layers) * (layer * 1e-6 + exchange) + once * 1e-6
    }

    // MARK: Random steps

    /// Steps drawn at random, with their times: a tenth without decoding, half of the others without prefill, all lengths
    /// spread evenly over their powers of two (contexts 16 to 4,096 tokens, prompts from 16 on).
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - sequencesMax: that decode at once.
    ///   - tokensMax: decoded and prefilled in one step (vLLM's max_num_batched_tokens).
    ///   - generator: draws them.
    /// - Returns: at most `count`: fewer where the tables have times for too few of them.
    package func measurements(
        _ count: Int, sequencesMax: Int, tokensMax: Int, using generator: inout some RandomNumberGenerator
    ) -> [FitMeasurement] {
        var drawn: [FitMeasurement] = []
        // Tables with gaps give no time here and there; those with nothing must not hold us up for ever.
        for _ in 0..<(10 * count) where drawn.count < count {
            let step = KernelTables.randomStep(sequencesMax, tokensMax, using: &generator)
            guard let seconds = seconds(step) else { continue }
            drawn.append(
                .step(
                    sequences: Double(step.sequences), contextTokens: Double(step.sequences * step.contextTokens),
                    prefillTokens: Double(step.prefillTokens), prompts: step.prefillTokens > 0 ? 1 : 0,
                    seconds: seconds))
        }
        return drawn
    }

    private static func randomStep(
        _ sequencesMax: Int, _ tokensMax: Int, using generator: inout some RandomNumberGenerator
    ) -> Step {
        func power(_ low: Double, _ high: Double, _ generator: inout some RandomNumberGenerator) -> Int {
            Int(exp2(Double.random(in: low...max(high, low), using: &generator)))
        }
        let decodes = Double.random(in: 0..<1, using: &generator) >= 0.1
        let sequences = decodes ? power(0, log2(Double(sequencesMax)), &generator) : 0
        let context = decodes ? power(4, 12, &generator) : 0
        guard !decodes || Double.random(in: 0..<1, using: &generator) < 0.5 else {
            return Step(sequences: sequences, contextTokens: context, prefillTokens: 0, prefilledTokens: 0)
        }
        let prefill = max(min(power(4, log2(Double(tokensMax)), &generator), tokensMax - sequences), 1)
        let isFirst = Double.random(in: 0..<1, using: &generator) < 0.7
        return Step(
            sequences: sequences, contextTokens: context, prefillTokens: prefill,
            prefilledTokens: isFirst ? 0 : power(4, 11, &generator))
    }
}

// MARK: - Reading

extension KernelTables {
    private static func curves(
        _ folder: String, _ name: String, by column: String
    ) throws(BenchmarkError) -> [(layer: String, curve: KernelCurve)] {
        var points: [String: [(x: Double, y: Double)]] = [:]
        var order: [String] = []
        for cells in try cells(folder, name, isRequired: true) {
            let layer = cells.text("layer")
            if points[layer] == nil { order.append(layer) }
            points[layer, default: []].append((try cells.required(column), try cells.required("time_us")))
        }
        return order.map { ($0, KernelCurve(points[$0] ?? [])) }
    }

    /// The rows of a table; none where it is not there and need not be.
    private static func cells(
        _ folder: String, _ name: String, isRequired: Bool
    ) throws(BenchmarkError) -> [BenchmarkCells] {
        let plain = folder + "/" + name + ".csv"
        let paths = [plain, plain + ".gz"]
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            guard isRequired else { return [] }
            throw BenchmarkError(
                code: .unreadableFile, file: plain,
                message: "there is no such table, nor one with .gz; name the folder that holds dense, per_sequence and "
                    + "attention tables")
        }
        let table = CSVTable(try BenchmarkTable.text(path: path))
        guard table.index(of: "time_us") != nil, !table.rows.isEmpty else {
            throw BenchmarkError(code: .unknownTable, file: path, message: "no rows with a column time_us")
        }
        return table.rows.map { BenchmarkCells(table: table, row: $0, file: path) }
    }
}

/// A measured curve, linear between its points and flat beyond them.
struct KernelCurve: Sendable {
    private let xs: [Double]
    private let ys: [Double]

    /// - Parameter points: at least one.
    init(_ points: [(x: Double, y: Double)]) {
        let sorted = points.sorted { $0.x < $1.x }
        (xs, ys) = (sorted.map(\.x), sorted.map(\.y))
    }

    func value(at x: Double) -> Double {
        KernelAxis(xs).corners(x).reduce(0) { $0 + $1.weight * ys[$1.index] }
    }
}

/// The grid points of one coordinate, ascending.
struct KernelAxis: Sendable {
    let points: [Double]

    init(_ points: [Double]) { self.points = points }

    /// The neighbours of a value and their weights; the nearest point alone beyond the ends.
    func corners(_ value: Double) -> [(index: Int, weight: Double)] {
        guard let upper = points.firstIndex(where: { $0 >= value }) else { return [(points.count - 1, 1)] }
        guard upper > 0, points[upper] > value else { return [(upper, 1)] }
        let share = (value - points[upper - 1]) / (points[upper] - points[upper - 1])
        return [(upper - 1, 1 - share), (upper, share)]
    }
}

/// Attention over four coordinates: interpolated linearly on the profiler's grid of powers of two, where all combinations that
/// fit in memory were measured.
struct AttentionTable: Sendable {
    private struct Key: Hashable {
        var coordinates: [Int]
    }

    private static let columns = ["prefill_chunk", "kv_prefill", "n_decode", "kv_decode"]
    private var times: [Key: Double] = [:]
    /// Points above zero.
    private let axes: [KernelAxis]

    init(_ rows: [BenchmarkCells]) throws(BenchmarkError) {
        var points = [Set<Int>](repeating: [], count: AttentionTable.columns.count)
        for row in rows {
            var coordinates: [Int] = []
            for column in AttentionTable.columns {
                guard let value = Int(row.text(column)), value >= 0 else {
                    throw row.error(column, "found \"\(row.text(column))\"; write a whole number of zero or more")
                }
                coordinates.append(value)
            }
            guard coordinates.allSatisfy({ $0 & ($0 - 1) == 0 }) else { continue }
            for (index, value) in coordinates.enumerated() where value > 0 { points[index].insert(value) }
            times[Key(coordinates: coordinates)] = try row.required("time_us")
        }
        axes = points.map { KernelAxis($0.sorted().map(Double.init)) }
    }

    /// Microseconds in one layer; nil where no neighbour was measured.
    func microseconds(_ step: KernelTables.Step) -> Double? {
        let isPrefilling = step.prefillTokens > 0
        let isDecoding = step.sequences > 0
        let prefilled = isPrefilling && step.prefilledTokens > 0
        let corners = [
            corners(0, step.prefillTokens, isUsed: isPrefilling), corners(1, step.prefilledTokens, isUsed: prefilled),
            corners(2, step.sequences, isUsed: isDecoding), corners(3, step.contextTokens, isUsed: isDecoding),
        ]
        var (sum, weights) = (0.0, 0.0)
        for (a, wa) in corners[0] {
            for (b, wb) in corners[1] {
                for (c, wc) in corners[2] {
                    for (d, wd) in corners[3] {
                        guard let time = times[Key(coordinates: [a, b, c, d])] else { continue }
                        sum += wa * wb * wc * wd * time
                        weights += wa * wb * wc * wd
                    }
                }
            }
        }
        return weights > 0 ? sum / weights : nil
    }

    private func corners(_ axis: Int, _ value: Int, isUsed: Bool) -> [(Int, Double)] {
        guard isUsed, !axes[axis].points.isEmpty else { return [(0, 1)] }
        return axes[axis].corners(Double(value)).map { (Int(axes[axis].points[$0.index]), $0.weight) }
    }
}

/// The mixture of experts by tokens and by the experts that they call upon.
struct ExpertTable: Sendable {
    /// By tokens, ascending.
    private let curves: [(tokens: Double, curve: KernelCurve)]
    /// Experts of a token, and experts in all.
    private let perToken: Double
    private let all: Double

    init(_ rows: [BenchmarkCells]) throws(BenchmarkError) {
        var points: [Double: [(x: Double, y: Double)]] = [:]
        var experts: Set<Double> = []
        for row in rows {
            let activated = try row.required("activated_experts")
            experts.insert(activated)
            points[try row.required("tokens"), default: []].append((activated, try row.required("time_us")))
        }
        curves = points.keys.sorted().map { ($0, KernelCurve(points[$0] ?? [])) }
        perToken = experts.min() ?? 1
        all = experts.max() ?? 1
    }

    /// Microseconds in one layer of one replica. Each token calls upon its experts evenly at random, so `t` tokens call upon
    /// `E (1 - (1 - k/E)^t)` of them; a replica holds its share, and serves the tokens of all replicas with it.
    func microseconds(tokens: Double, replicas: Double) -> Double {
        let activated = all / replicas * (1 - pow(1 - perToken / all, tokens * replicas))
        return KernelAxis(curves.map(\.tokens)).corners(tokens).reduce(0) {
            $0 + $1.weight * curves[$1.index].curve.value(at: activated)
        }
    }
}
