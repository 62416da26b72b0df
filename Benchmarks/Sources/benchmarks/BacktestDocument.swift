internal import Foundation

/// What `tideway backtest --json` writes, as far as it is used here.
struct BacktestDocument: Decodable {
    struct Run: Decodable {
        var trace: String
        var policy: String
        var tuned: Bool
        var requests: Int
        /// 0 ... 1.
        var attainment: Double
        var ttftOkRatio: Double
        var itlOkRatio: Double
        /// Nil within where it is infinite.
        var lateTtftSeconds: Percentiles
        var ttftSeconds: Percentiles?
        var ttftMeanSeconds: Double?
        var itlMeanSeconds: Double?
        var preemptions: Int?
        var acceleratorHours: Double
        var ratioToClairvoyant: Double?
        var simulateSeconds: Double?
    }

    struct Percentiles: Decodable {
        var p50: Double?
        var p95: Double?
        var p99: Double?
    }

    struct Reference: Decodable {
        var trace: String
        var fluidAcceleratorHours: Double?
        var roundingAcceleratorHours: Double?
        var staticReplicas: Int?
        var staticAcceleratorHours: Double?
        var clairvoyantAcceleratorHours: Double?
    }

    var runs: [Run]
    var references: [Reference]

    init(contentsOf file: URL) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(BacktestDocument.self, from: Data(contentsOf: file))
    }
}
