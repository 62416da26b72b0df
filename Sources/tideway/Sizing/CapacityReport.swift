internal import Capacity
internal import Fleet
internal import Foundation
internal import Performance
internal import Routing
internal import Traces

/// The answers of `tideway capacity`.
struct CapacityReport {
    /// Pools whose rates are shown.
    private static let shownPools = [1, 2, 4, 8, 16, 32, 64, 128]

    private let sizing: Sizing
    var answers: [Sizing.Answer] = []

    init(_ sizing: Sizing) { self.sizing = sizing }

    // MARK: Text

    var lines: [String] {
        [head] + answers.map(line) + ["", "Under Poisson arrivals (dispersion 1) pools carry, in requests per second:"]
            + [Self.table(["replicas"] + pools.map { "\($0.replicas)" })]
            + [Self.table(["together"] + pools.map { fixed($0.rate, 2) })]
            + [Self.table(["each"] + pools.map { fixed($0.rate / Double($0.replicas), 2) })]
    }

    private var head: String {
        let profile = sizing.decodeProfile.map { "\(sizing.profile.name) for prefill, \($0.name) for decoding" }
        return "\(sizing.requests.name) on \(profile ?? sizing.profile.name), "
            + "\(fixed(sizing.objective.attainmentTarget * 100, 1)) % good, dispatch \(sizing.order.rawValue)"
    }

    private var pools: [(replicas: Int, rate: Double)] {
        Self.shownPools.map { ($0, sizing.pool.rate(replicas: $0, dispersion: 1)) }
    }

    private func line(_ answer: Sizing.Answer) -> String {
        let load = "\(fixed(answer.rate, 2)) requests/s, dispersion \(fixed(answer.dispersion, 2)): "
        guard let replicas = answer.replicas else {
            return load + "no number of replicas keeps the objective; allow more time, or take a faster variant"
        }
        let decode = answer.decodeReplicas.map { " for prefill and \($0) for decoding" } ?? ""
        var text = load + "\(replicas) \(replicas == 1 ? "replica" : "replicas")\(decode)"
        if let attainment = answer.attainment { text += "; simulated \(fixed(attainment * 100, 2)) % good" }
        if answer.attainment != nil, answer.decodeReplicas == nil {
            text += answer.least.map { ", the least that reach it are \($0)" } ?? ", and no number tried reaches it"
        }
        return text
    }

    private static func table(_ cells: [String]) -> String {
        cells.map { String(repeating: " ", count: max(9 - $0.count, 1)) + $0 }.joined()
    }

    // MARK: JSON

    private struct Document: Encodable {
        var requests: String
        var profile: String
        var decodeProfile: String?
        var dispatch: String
        var attainmentTarget: Double
        var prepareSeconds: Double
        var callMicroseconds: Double
        var pools: [Pool]
        var answers: [Answer]
    }

    private struct Pool: Encodable {
        var replicas: Int
        var requestsPerSecond: Double
    }

    private struct Answer: Encodable {
        var requestsPerSecond: Double
        var dispersion: Double
        var replicas: Int?
        var decodeReplicas: Int?
        var simulatedAttainment: Double?
        var leastReplicas: Int?
    }

    func json() throws -> String {
        let document = Document(
            requests: sizing.requests.name, profile: sizing.profile.name, decodeProfile: sizing.decodeProfile?.name,
            dispatch: sizing.order.rawValue, attainmentTarget: sizing.objective.attainmentTarget,
            prepareSeconds: sizing.prepareSeconds, callMicroseconds: sizing.callMicroseconds,
            pools: pools.map { Pool(replicas: $0.replicas, requestsPerSecond: $0.rate) },
            answers: answers.map {
                Answer(
                    requestsPerSecond: $0.rate, dispersion: $0.dispersion, replicas: $0.replicas,
                    decodeReplicas: $0.decodeReplicas, simulatedAttainment: $0.attainment, leastReplicas: $0.least)
            })
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
