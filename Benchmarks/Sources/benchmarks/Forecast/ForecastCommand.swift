internal import ArgumentParser
internal import Foundation

/// How our forecasts compare with those of other programs, at the same moments of the same series.
struct ForecastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Forecast every measured series at rolling origins, beside other programs.",
        discussion: """
            First the series and the peers' forecasts, from Benchmarks/ (an hour; what is there is kept):
              python3 -m venv out/forecast/venv
              out/forecast/venv/bin/pip install -r forecasting/requirements.txt
              python3 forecasting/series.py ../../shared out/forecast/series
              out/forecast/venv/bin/python forecasting/peers.py out/forecast/series out/forecast/peers
            """)

    static let peers = ["autoets", "autoarima", "theta", "mstl", "prophet", "lightgbm"]
    static let horizons = [300.0, 1_800, 7_200]
    static let originsMax = 12
    static let levels = [0.5, 0.9, 0.99]
    static let own = "tideway"

    private var folder: URL { Places.scratch.appending(path: "forecast") }

    func run() throws {
        let series = try MeasuredSeries.all(in: folder.appending(path: "series"))
        guard !series.isEmpty else {
            throw BenchmarkError("there are no series in \(folder.path)/series; see benchmarks forecast --help")
        }
        var table = ForecastTable()
        for one in series {
            let own = try forecastByTideway(one)
            table.add(own, of: Self.own, for: one)
            for peer in Self.peers {
                let file = folder.appending(path: "peers/\(peer)/\(one.name).json")
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                table.add(try RollingForecast(contentsOf: file), of: peer, for: one)
            }
            print(one.name)
        }
        let page = table.page(speed: try speed(series))
        print(page)
        try Places.writeResult("forecast.md", page)
        guard table.isFirstAndNeverLast else { throw ExitCode.failure }
    }

    private func forecastByTideway(_ series: MeasuredSeries) throws -> RollingForecast {
        let json = try Places.scratchFile("forecast/own/\(series.name).json")
        try TidewayProcess.run([
            "forecast", "--input", series.file.path, "--horizon", "\(series.longestHorizon)s", "--origins",
            "\(Self.originsMax)", "--quantiles", Self.levels.map { "\($0)" }.joined(separator: ","), "--json",
            json.path,
        ])
        return try RollingForecast(contentsOf: json)
    }

    /// Of 60 steps and 7 quantiles, as the figure says: the median over the series of 5-minute steps.
    private func speed(_ series: [MeasuredSeries]) throws -> String {
        let json = try Places.scratchFile("forecast/speed.json")
        var updates: [Double] = []
        var forecasts: [Double] = []
        for one in series where one.step == 300 {
            try TidewayProcess.run([
                "forecast", "--input", one.file.path, "--horizon", "5h", "--origins", "0", "--quantiles",
                "0.05,0.25,0.5,0.75,0.9,0.95,0.99", "--json", json.path,
            ])
            let found = try RollingForecast(contentsOf: json)
            updates.append((found.updateSeconds ?? 0) * 1e6)
            forecasts.append((found.forecastSeconds ?? 0) * 1e6)
        }
        updates.sort()
        forecasts.sort()
        guard !updates.isEmpty else { throw BenchmarkError("there is no series of 5-minute steps") }
        let (update, forecast) = (updates[updates.count / 2], forecasts[forecasts.count / 2])
        return
            "An update takes \(Text.number(update, 1)) us and a forecast of 60 steps x 7 quantiles \(Text.number(forecast, 1)) us "
            + "(medians over \(updates.count) series); together at most 50 us was wanted: "
            + (update + forecast <= 50 ? "reached." : "not reached.")
    }
}
