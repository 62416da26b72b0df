internal import Foundation

/// A series that `forecasting/series.py` wrote.
struct MeasuredSeries {
    /// `nab/nyc_taxi`: the data set, and the series.
    let name: String
    let file: URL
    /// Seconds.
    let step: Double
    let values: [Double?]

    var dataSet: String { String(name.split(separator: "/")[0]) }

    static func all(in folder: URL) throws -> [MeasuredSeries] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let paths = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "csv" }
        return try paths.sorted { $0.path < $1.path }.map(MeasuredSeries.init)
    }

    private init(_ file: URL) throws {
        self.file = file
        name = "\(file.deletingLastPathComponent().lastPathComponent)/\(file.deletingPathExtension().lastPathComponent)"
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        }
        guard rows.count > 1, let first = rows[0][0], let second = rows[1][0] else {
            throw BenchmarkError("\(file.path): two samples are needed")
        }
        step = second - first
        values = rows.map { $0.count > 1 ? $0[1] : nil }
    }

    /// Horizons that are at least a step long and at most a quarter of the series.
    var horizons: [Double] {
        ForecastCommand.horizons.filter { $0 >= step && $0 / step <= Double(values.count) / 4 }
    }

    var longestHorizon: Double { horizons.max() ?? step }

    /// The mean absolute change before the first origin; where nothing changed the mean, and 1 where all was zero.
    func scale(known: Int) -> Double {
        let before = values.prefix(known).compactMap { $0 }
        guard before.count > 1 else { return 1 }
        let changes = zip(before.dropFirst(), before).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(before.count - 1)
        let size = before.reduce(0, +) / Double(before.count)
        return changes > 0 ? changes : size > 0 ? size : 1
    }
}

/// What a program forecast at the origins of a series.
struct RollingForecast: Decodable {
    struct Origin: Decodable {
        var known: Int
        /// Per step, one value per level.
        var quantiles: [[Double]]
        /// Of a peer: what fitting and forecasting took, and why it failed.
        var seconds: Double?
        var problem: String?
    }

    var origins: [Origin]
    var updateSeconds: Double?
    var forecastSeconds: Double?

    enum CodingKeys: String, CodingKey {
        case origins
        case updateSeconds = "update_s"
        case forecastSeconds = "forecast_s"
    }

    init(contentsOf file: URL) throws {
        self = try JSONDecoder().decode(RollingForecast.self, from: Data(contentsOf: file))
    }
}
