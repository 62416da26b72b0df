internal import Foundation

/// What `tideway demo --json` writes, as far as it is needed here.
struct DemoDocument: Decodable {
    struct Line: Decodable {
        var id: String
        var attainment: Double
        var acceleratorHours: Double
        var simulatedAttainment: Double
        var simulatedAttainmentMin: Double
        var simulatedAttainmentMax: Double
        var simulatedAcceleratorHours: Double
        var saving: Double?
        var savingShare: Double?
    }

    var workloads: [Line]
    var total: Line

    init(contentsOf file: URL) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(DemoDocument.self, from: try Data(contentsOf: file))
    }
}
