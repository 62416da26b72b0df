internal import TraceFiles
internal import Traces

/// A series on an even grid.
struct ForecastSeries {
    var name: String
    /// What its values are, for people.
    var measure: String
    /// Of the first sample.
    var startSeconds: Double
    var stepSeconds: Double
    /// Up to the last value; nil is a gap.
    var values: [Double?]
    /// One row per step, those ahead included: first the covariates, then the calendar.
    var covariates: [[Double]]
    var covariateCount: Int
    var calendarCount: Int
    /// Of a trace that tells lengths: means per request in each step, nil where none came. Empty for other series.
    var tokens: [(prompt: Double, output: Double)?] = []
    var notes: [String]
}

/// Reads a file and puts it on a grid.
struct ForecastInput {
    let path: String
    let reading: TraceInputOptions
    let column: String?
    let covariates: [String]
    let calendar: [String]
    let step: Double?

    func load() throws -> ForecastSeries {
        var options = reading.readingOptions(seed: 1, lengths: nil)
        options.assumedLengths = BacktestTraces.assumedLengths
        switch try loadSeries(path, column: column, covariates: covariates + calendar, options: options) {
        case .series(let series): return try gridded(series)
        case .requests(let loaded): return try counted(loaded)
        }
    }

    private func gridded(_ series: MeasuredSeries) throws -> ForecastSeries {
        guard let step = step ?? series.stepSeconds else {
            throw CommandError("\(path): one sample does not tell the time between samples. Give --step.")
        }
        let start = series.times[0]
        let grid = try Grid(start: start, step: step, end: series.times[series.times.count - 1], path: path)
        var notes = series.notes
        var values = grid.means(zip(series.times, series.values).map { ($0, $1) })
        let covariates = series.covariates.map { grid.held(zip(series.times, $0).map { ($0, $1) }) }
        // What follows the last value is the time ahead, as far as the calendar knows it.
        while let last = values.last, last == nil { values.removeLast() }
        let missing = values.count { $0 == nil }
        if missing > 0 { notes.append("\(missing) of \(values.count) steps have no value; they are gaps.") }
        return ForecastSeries(
            name: traceName(path: path), measure: series.name, startSeconds: start, stepSeconds: step, values: values,
            covariates: Self.rows(covariates, count: grid.count), covariateCount: self.covariates.count,
            calendarCount: calendar.count, notes: notes)
    }

    private func counted(_ loaded: LoadedTrace) throws -> ForecastSeries {
        guard covariates.isEmpty, calendar.isEmpty else {
            throw CommandError(
                "\(path): --covariates and --calendar name columns of a series, and this is a trace of requests. "
                    + "Leave them out, or give a table with one row for each step.")
        }
        let trace = loaded.trace
        let span = trace.lastArrival - trace.firstArrival
        let step = step ?? (span < 7_200 ? 10 : span < 172_800 ? 60 : 300)
        let grid = try Grid(start: trace.firstArrival, step: step, end: trace.lastArrival, path: path)
        var counts = Array(repeating: 0.0, count: grid.count)
        var (prompts, outputs) = (counts, counts)
        trace.forEach { row in
            let cell = grid.cell(of: row.arrival)
            counts[cell] += 1
            prompts[cell] += Double(row.promptTokens)
            outputs[cell] += Double(row.outputTokens)
        }
        var tokens = counts.indices.map { index -> (prompt: Double, output: Double)? in
            counts[index] > 0 ? (prompts[index] / counts[index], outputs[index] / counts[index]) : nil
        }
        if !loaded.assumedLengths.isEmpty { tokens = [] }
        // The last step is not over.
        if counts.count > 1 {
            counts.removeLast()
            _ = tokens.popLast()
        }
        return ForecastSeries(
            name: trace.name, measure: "requests/s", startSeconds: trace.firstArrival, stepSeconds: step,
            values: counts.map { $0 / step }, covariates: [], covariateCount: 0, calendarCount: 0, tokens: tokens,
            notes: loaded.notes)
    }

    private static func rows(_ columns: [[Double]], count: Int) -> [[Double]] {
        columns.isEmpty ? [] : (0..<count).map { index in columns.map { $0[index] } }
    }
}

/// Even steps over a stretch of time.
private struct Grid {
    let start: Double
    let step: Double
    let count: Int

    init(start: Double, step: Double, end: Double, path: String) throws {
        let steps = (end - start) / step
        guard steps < Double(ReadingLimits.binsMax) else {
            throw CommandError(
                "\(path): the series is longer than \(ReadingLimits.binsMax) steps of \(DurationOption(seconds: step)). "
                    + "Is a timestamp far from the others? Otherwise give a longer --step.")
        }
        (self.start, self.step) = (start, step)
        count = Int(steps.rounded()) + 1
    }

    func cell(of time: Double) -> Int { min(max(Int((time - start) / step), 0), count - 1) }

    /// Samples belong to the nearest step, as clocks jitter.
    private func nearest(_ time: Double) -> Int { min(max(Int(((time - start) / step).rounded()), 0), count - 1) }

    func means(_ samples: [(Double, Double?)]) -> [Double?] {
        var sums = Array(repeating: 0.0, count: count)
        var counts = sums
        for (time, value) in samples {
            guard let value else { continue }
            sums[nearest(time)] += value
            counts[nearest(time)] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 : nil }
    }

    /// Each step has the latest value.
    func held(_ samples: [(Double, Double)]) -> [Double] {
        var answer: [Double?] = Array(repeating: nil, count: count)
        for (time, value) in samples { answer[nearest(time)] = value }
        var last = samples.first?.1 ?? 0
        return answer.map {
            last = $0 ?? last
            return last
        }
    }
}
