import Foundation
import Testing

/// One case of `reference/plant-check.json`, written for the command line.
struct PlantCheckCase: Sendable, CustomTestStringConvertible {
    let trace: String
    let speed: Double
    let binding: String
    /// Rows of the schedule: seconds, and the fleet wanted from then on.
    let steps: [[Int]]
    let profile: String
    /// Values in place of the profile's own.
    let replacements: [String: Double]
    let startUpSeconds: Int
    /// The figures of the independent implementation, but for those that are infinite.
    let expected: [String: Double]

    var testDescription: String { "\(trace) at speed \(speed), \(binding) binding, \(steps), \(replacements)" }

    /// Empty where the data is absent.
    static let all: [PlantCheckCase] = {
        guard let bytes = try? Data(contentsOf: folder.appending(path: "reference/plant-check.json")) else { return [] }
        guard let cases = (try? JSONSerialization.jsonObject(with: bytes)) as? [[String: Any]], !cases.isEmpty else {
            preconditionFailure("plant-check.json holds no list of cases")
        }
        return cases.map(PlantCheckCase.init)
    }()

    private static let folder = URL(filePath: ProcessInfo.processInfo.environment["TIDEWAY_DATA"] ?? "../shared")

    private init(_ members: [String: Any]) {
        guard let trace = members["trace"] as? String, let speed = members["speed"] as? Double,
            let binding = members["binding"] as? String,
            let steps = (members["fleet"] as? Int).map({ [[0, $0]] }) ?? members["fleet"] as? [[Int]]
        else { preconditionFailure("a case of plant-check.json lacks what every case has: \(members)") }
        (self.trace, self.speed, self.binding, self.steps) = (trace, speed, binding, steps)
        profile = members["profile"] as? String ?? "8b-a100"
        startUpSeconds = members["start_up"] as? Int ?? 60
        expected = members.compactMapValues { $0 as? Double }
        replacements = expected.filter { ["max_batch", "kv_tokens", "c3"].contains($0.key) }
    }

    var tracePath: String {
        PlantCheckCase.folder.appending(path: "traces/azure-llm-2023/AzureLLMInferenceTrace_\(trace).csv").path
    }

    var scheduleText: String {
        "time_s,desired\n" + steps.map { "\($0[0]),\($0[1])\n" }.joined()
    }

    /// A profile's file with this case's values.
    func profileText(from shown: String) throws -> String {
        var members = (try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any]) ?? [:]
        members.merge(replacements) { $1 }
        return String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
    }
}
