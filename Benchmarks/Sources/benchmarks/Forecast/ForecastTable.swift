internal import Foundation

/// The scores of all programs on all series.
struct ForecastTable {
    /// A series at a horizon.
    private struct Cell: Hashable {
        var dataSet: String
        var series: String
        var horizon: Double
    }

    private struct Score {
        var loss: Double
        var coverage: [Double]
    }

    private var scores: [String: [Cell: Score]] = [:]
    private var seconds: [String: [Double]] = [:]
    private var failures: [String: Int] = [:]

    mutating func add(_ forecast: RollingForecast, of program: String, for series: MeasuredSeries) {
        guard let first = forecast.origins.first else { return }
        let scale = series.scale(known: first.known)
        for horizon in series.horizons {
            let cell = Cell(dataSet: series.dataSet, series: series.name, horizon: horizon)
            let steps = Int((horizon / series.step).rounded())
            if let score = Self.score(forecast, series: series, steps: steps, scale: scale) {
                scores[program, default: [:]][cell] = score
            }
        }
        seconds[program, default: []] += forecast.origins.compactMap(\.seconds)
        if program == ForecastCommand.own, let update = forecast.updateSeconds, let look = forecast.forecastSeconds {
            seconds[program, default: []].append(update + look)
        }
        failures[program, default: 0] += forecast.origins.count { $0.problem != nil }
    }

    private static func score(
        _ forecast: RollingForecast, series: MeasuredSeries, steps: Int, scale: Double
    ) -> Score? {
        var loss = 0.0
        var covered = ForecastCommand.levels.map { _ in 0.0 }
        var count = 0.0
        for origin in forecast.origins {
            for (step, row) in origin.quantiles.prefix(steps).enumerated() where row.count == covered.count {
                guard let measured = series.values[origin.known + step] else { continue }
                count += 1
                for (index, level) in ForecastCommand.levels.enumerated() {
                    let miss = measured - row[index]
                    loss += (miss > 0 ? level * miss : (level - 1) * miss) / scale
                    covered[index] += Self.share(of: miss, scale: scale, level: level)
                }
            }
        }
        guard count > 0 else { return nil }
        return Score(loss: loss / count / Double(covered.count), coverage: covered.map { $0 / count })
    }

    /// A value below its quantile counts in full; one that equals it counts as much as the level says, as the probability integral
    /// transform of discrete data has it (Czado, Gneiting and Held 2009): a series that does not move is no proof of a level.
    private static func share(of miss: Double, scale: Double, level: Double) -> Double {
        abs(miss) <= 1e-9 * scale ? level : (miss < 0 ? 1 : 0)
    }

    /// Programs that forecast every series, ours first.
    private var programs: [String] {
        ([ForecastCommand.own] + ForecastCommand.peers).filter {
            scores[$0]?.count == scores[ForecastCommand.own]?.count
        }
    }

    private var missing: [String] { ForecastCommand.peers.filter { !programs.contains($0) } }

    private var cells: [Cell] {
        (scores[ForecastCommand.own] ?? [:]).keys.sorted { ($0.series, $0.horizon) < ($1.series, $1.horizon) }
    }

    private var dataSets: [String] { Set(cells.map(\.dataSet)).sorted() }

    private func mean(_ program: String, _ isCounted: (Cell) -> Bool = { _ in true }) -> Double {
        let losses = cells.filter(isCounted).compactMap { scores[program]?[$0]?.loss }
        return losses.reduce(0, +) / Double(max(losses.count, 1))
    }

    /// The mean place among all programs, 1 being the best.
    private func rank(_ program: String) -> Double {
        let places = cells.map { cell -> Double in
            let own = scores[program]?[cell]?.loss ?? .infinity
            let others = programs.filter { $0 != program }.map { scores[$0]?[cell]?.loss ?? .infinity }
            return 1 + Double(others.count { $0 < own }) + Double(others.count { $0 == own }) / 2
        }
        return places.reduce(0, +) / Double(max(places.count, 1))
    }

    /// The geometric mean of the losses over ours: no single series decides.
    private func ratio(_ program: String) -> Double {
        let logarithms = cells.compactMap { cell -> Double? in
            guard let theirs = scores[program]?[cell]?.loss, let ours = scores[ForecastCommand.own]?[cell]?.loss,
                theirs > 0, ours > 0
            else { return nil }
            return log(theirs / ours)
        }
        return exp(logarithms.reduce(0, +) / Double(max(logarithms.count, 1)))
    }

    private func coverage(_ program: String) -> [Double] {
        ForecastCommand.levels.indices.map { index in
            let shares = cells.compactMap { scores[program]?[$0]?.coverage[index] }
            return shares.reduce(0, +) / Double(max(shares.count, 1))
        }
    }

    /// How far our shares below the quantiles are from what they should be, mean over the quantiles.
    private var coverageError: Double {
        let misses = zip(coverage(ForecastCommand.own), ForecastCommand.levels).map { abs($0 - $1) }
        return misses.reduce(0, +) / Double(misses.count)
    }

    /// Wanted of it.
    private static let coverageErrorMax = 0.02

    var isFirstAndNeverLast: Bool { isFirst && lastPlaces.isEmpty }

    private var isFirst: Bool {
        let own = ForecastCommand.own
        return programs.allSatisfy { $0 == own || (mean($0) > mean(own) && rank($0) > rank(own)) }
    }

    /// Data sets on which no other program is worse than ours.
    private var lastPlaces: [String] {
        dataSets.filter { set in
            let own = mean(ForecastCommand.own) { $0.dataSet == set }
            return programs.allSatisfy { $0 == ForecastCommand.own || mean($0) { $0.dataSet == set } < own }
        }
    }

    func page(speed: String) -> String {
        let counted = "\(Set(cells.map(\.series)).count) series, \(cells.count) series x horizons"
        let heads =
            ["", "mean loss", "mean place", "loss over ours"] + dataSets.map { "\($0)" } + horizonNames
            + ["below 0.5 / 0.9 / 0.99", "seconds"]
        let rows = programs.map { program in
            [
                program, loss(mean(program)), Text.number(rank(program), 2), Text.number(ratio(program), 3),
            ] + dataSets.map { set in loss(mean(program) { $0.dataSet == set }) }
                + ForecastCommand.horizons.map { horizon in loss(mean(program) { $0.horizon == horizon }) }
                + [coverage(program).map { Text.number($0 * 100, 1) }.joined(separator: " / ") + " %", time(program)]
        }
        let lines =
            [
                "# Forecasts beside other programs", "",
                "`benchmarks forecast`: \(counted), \(ForecastCommand.originsMax) rolling origins in the second half of each.",
                "Loss: pinball loss at 0.5, 0.9 and 0.99, mean over all steps up to the horizon, over the mean absolute change per "
                    + "step before the first origin.",
                "Loss over ours: geometric mean over series and horizons. Seconds: mean of a peer's fit and forecast at an origin; "
                    + "ours is an update and a forecast.",
                "Below: share of values below each quantile, mean over series and horizons; a value that equals its quantile "
                    + "counts as much as the level says (Czado, Gneiting and Held 2009).", "",
            ] + Text.head(heads) + rows.map(Text.row) + ["", verdict, "", speed] + remarks
            + Self.handicaps
            + ["", "Machine: \(Text.processor)."]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A loss, or that it has no bound.
    private func loss(_ value: Double) -> String { value < 1e3 ? Text.number(value, 3) : "over 1000" }

    /// What the peers were denied, so that they end within an hour.
    private static let handicaps = [
        "",
        "The peers are held short, for time: AutoARIMA sees the latest 1,440 samples, MSTL 1,500, Theta 3,000, AutoETS and Prophet",
        "4,320, LightGBM 10,080, ours all of them; AutoARIMA is fitted once a series and carried forward; MSTL takes the hour as the",
        "season of series by the minute; Theta is DynamicOptimizedTheta; LightGBM has 60 rounds. With more they may do better.",
    ]

    private var horizonNames: [String] { ForecastCommand.horizons.map { "\(Int($0 / 60)) min" } }

    private func time(_ program: String) -> String {
        let all = seconds[program] ?? []
        let mean = all.reduce(0, +) / Double(max(all.count, 1))
        return mean < 0.001 ? "\(Text.number(mean * 1e6, 0)) us" : Text.number(mean, 2)
    }

    private var verdict: String {
        "Wanted: first on average (\(isFirst ? "reached" : "not reached")), never last on a data set ("
            + (lastPlaces.isEmpty ? "reached" : "not reached: \(lastPlaces.joined(separator: ", "))")
            + "), coverage on average within 2 points of what is said (\(Text.number(coverageError * 100, 1)) points: "
            + (coverageError <= Self.coverageErrorMax ? "reached" : "not reached") + ")."
    }

    private var remarks: [String] {
        var lines =
            missing.isEmpty
            ? [] : ["", "Left out, as not all series were forecast: \(missing.joined(separator: ", "))."]
        let failed = ForecastCommand.peers.filter { (failures[$0] ?? 0) > 0 }
        if !failed.isEmpty {
            let counts = failed.map { "\($0) \(failures[$0] ?? 0)" }.joined(separator: ", ")
            lines += ["", "Origins at which a peer failed, and the last value stood in: \(counts)."]
        }
        return lines
    }
}
