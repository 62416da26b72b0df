import Foundation
import Testing

/// One case of `reference/plant-check.json`.
struct PlantCase: Decodable, Sendable, CustomTestStringConvertible {
    /// A fleet of constant size, or `[time, desired]` steps.
    enum Fleet: Decodable, Sendable {
        case constant(Int)
        case steps([[Int]])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let count = try? container.decode(Int.self) {
                self = .constant(count)
            } else {
                self = .steps(try container.decode([[Int]].self))
            }
        }
    }

    let trace: String
    let speed: Double
    let binding: String
    let fleet: Fleet
    let profile: String?
    let maxBatch: Int?
    let kvTokens: Int?
    let c3: Double?
    let startUp: Int?

    let horizonS: Double
    let requests: Int
    let attainment: Double
    let ttftOk: Double
    let itlOk: Double
    let unfinished: Int
    let replicaHours: Double
    let ttftP50: Double
    let ttftP95: Double
    let ttftP99: Double
    let itlP50: Double
    let itlP99: Double
    let peak: Int
    let busyFraction: Double
    let kwh: Double

    var testDescription: String { "\(trace) at speed \(speed), \(binding) binding, fleet \(fleet)" }

    /// Nil where the data is absent.
    static let all: [PlantCase] = {
        guard let bytes = try? Data(contentsOf: SharedData.folder.appending(path: "reference/plant-check.json")) else {
            return []
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode([PlantCase].self, from: bytes)
        } catch {
            preconditionFailure("plant-check.json cannot be read: \(error)")
        }
    }()
}

/// The folder of real data, where there is one.
enum SharedData {
    static let folder = URL(filePath: ProcessInfo.processInfo.environment["TIDEWAY_DATA"] ?? "../shared")
}
