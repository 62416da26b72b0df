internal import Configuration
internal import Fleet
internal import Foundation
internal import Load
internal import Performance
internal import Traces

/// What came of a demonstration. `docs/load.md` defines its JSON form; names are never changed, only added.
struct DemoReport: Sendable, Encodable {
    static let schema = 1

    /// Cost and service of one workload, or of both together.
    struct Line: Hashable, Sendable, Encodable {
        var id: String
        var offered: Int
        var good: Int
        var attainment: Double
        var acceleratorHours: Double
        /// Changes of the desired count.
        var actions: Int
        /// The smallest constant fleet that reaches the target; nil when none does.
        var staticReplicas: Int?
        var staticAcceleratorHours: Double?
        var clairvoyantAcceleratorHours: Double?
        /// Of the smallest constant fleet in the order that is used; nil when none does.
        var orderedStaticAcceleratorHours: Double?
        /// Means over the phases of the simulated controller's clock, and the least and the most.
        var simulatedAttainment: Double
        var simulatedAttainmentMin: Double
        var simulatedAttainmentMax: Double
        var simulatedAcceleratorHours: Double

        /// Share of the constant fleet's hours that were saved.
        var saving: Double? { staticAcceleratorHours.map { 1 - acceleratorHours / $0 } }

        var clairvoyantSaving: Double? {
            guard let staticAcceleratorHours, let clairvoyantAcceleratorHours else { return nil }
            return 1 - clairvoyantAcceleratorHours / staticAcceleratorHours
        }

        /// Share of what the clairvoyant saves; nil where it saves nothing.
        var savingShare: Double? {
            guard let saving, let clairvoyantSaving, clairvoyantSaving > 0 else { return nil }
            return saving / clairvoyantSaving
        }
    }

    let schema = DemoReport.schema
    /// The accelerators do not exist: only their timing is real.
    let isEmulated = true
    var profile: String
    var requestSizes: String
    var policy: String
    /// Who is served next.
    var dispatch: String
    var seed: UInt64
    var startUpSeconds: Double
    var leadInSeconds: Double
    var attainmentTarget: Double
    var workloads: [Line]
    var total: Line
    var load: LoadReport

    /// - Parameters:
    ///   - plan: what ran.
    ///   - traffic: where the requests came from.
    ///   - traces: what was sent, of each workload.
    ///   - references: of each workload.
    ///   - records: of each workload.
    ///   - load: what users saw; its workloads are the plan's.
    init(
        _ plan: DemoPlan, traffic: DemoTraffic, traces: [Trace], references: [DemoReferences],
        records: [DemoFleetRecord], load: LoadReport
    ) {
        profile = plan.profile.name
        requestSizes = traffic.origin
        policy = plan.policy
        dispatch = plan.order.rawValue
        seed = plan.seed
        startUpSeconds = plan.startUp / .seconds(1)
        leadInSeconds = plan.leadInSeconds
        attainmentTarget = plan.objective.attainmentTarget
        self.load = load
        workloads = load.workloads.indices.map { index in
            // As the simulator bills: whole seconds, up to the one in which the last request came.
            let end = load.startedAt + traces[index].lastArrival.rounded(.up)
            return Line(
                load.workloads[index], references[index], records[index], from: load.startedAt, until: end,
                acceleratorsPerReplica: plan.profile.accelerators)
        }
        total = Line(sumOf: workloads)
    }

    /// The document: members sorted by name.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension DemoReport.Line {
    init(
        _ load: LoadReport.Workload, _ references: DemoReferences, _ record: DemoFleetRecord, from start: Double,
        until end: Double, acceleratorsPerReplica: Int
    ) {
        id = load.model
        offered = load.finished
        good = load.good
        attainment = load.attainment ?? 1
        acceleratorHours = record.replicaSeconds(from: start, until: end) * Double(acceleratorsPerReplica) / 3600
        actions = record.actions(from: start, until: end)
        staticReplicas = references.staticReplicas
        staticAcceleratorHours = references.staticAcceleratorHours
        clairvoyantAcceleratorHours = references.clairvoyantAcceleratorHours
        orderedStaticAcceleratorHours = references.orderedStaticAcceleratorHours
        simulatedAttainment = references.simulated.attainment
        simulatedAttainmentMin = references.simulated.attainmentRange.lowerBound
        simulatedAttainmentMax = references.simulated.attainmentRange.upperBound
        simulatedAcceleratorHours = references.simulated.acceleratorHours
    }

    /// All workloads together. A reference that one of them lacks is lacking.
    init(sumOf lines: [DemoReport.Line]) {
        id = "all"
        offered = lines.reduce(0) { $0 + $1.offered }
        good = lines.reduce(0) { $0 + $1.good }
        attainment = offered == 0 ? 1 : Double(good) / Double(offered)
        acceleratorHours = lines.reduce(0) { $0 + $1.acceleratorHours }
        actions = lines.reduce(0) { $0 + $1.actions }
        staticReplicas = sum(lines.map(\.staticReplicas))
        staticAcceleratorHours = sum(lines.map(\.staticAcceleratorHours))
        clairvoyantAcceleratorHours = sum(lines.map(\.clairvoyantAcceleratorHours))
        orderedStaticAcceleratorHours = sum(lines.map(\.orderedStaticAcceleratorHours))
        simulatedAttainment = DemoReport.Line.mean(of: lines, \.simulatedAttainment)
        simulatedAttainmentMin = DemoReport.Line.mean(of: lines, \.simulatedAttainmentMin)
        simulatedAttainmentMax = DemoReport.Line.mean(of: lines, \.simulatedAttainmentMax)
        simulatedAcceleratorHours = lines.reduce(0) { $0 + $1.simulatedAcceleratorHours }
    }

    /// Each request counts the same.
    private static func mean(of lines: [DemoReport.Line], _ share: (DemoReport.Line) -> Double) -> Double {
        let offered = lines.reduce(0) { $0 + $1.offered }
        return offered == 0 ? 1 : lines.reduce(0) { $0 + share($1) * Double($1.offered) } / Double(offered)
    }

    private enum CodingKeys: String, CodingKey {
        case id, offered, good, attainment, acceleratorHours, actions, staticReplicas, staticAcceleratorHours
        case clairvoyantAcceleratorHours, orderedStaticAcceleratorHours
        case simulatedAttainment, simulatedAttainmentMin, simulatedAttainmentMax, simulatedAcceleratorHours
        case saving, clairvoyantSaving, savingShare
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(offered, forKey: .offered)
        try container.encode(good, forKey: .good)
        try container.encode(attainment, forKey: .attainment)
        try container.encode(acceleratorHours, forKey: .acceleratorHours)
        try container.encode(actions, forKey: .actions)
        try container.encode(staticReplicas, forKey: .staticReplicas)
        try container.encode(staticAcceleratorHours, forKey: .staticAcceleratorHours)
        try container.encode(clairvoyantAcceleratorHours, forKey: .clairvoyantAcceleratorHours)
        try container.encode(orderedStaticAcceleratorHours, forKey: .orderedStaticAcceleratorHours)
        try container.encode(simulatedAttainment, forKey: .simulatedAttainment)
        try container.encode(simulatedAttainmentMin, forKey: .simulatedAttainmentMin)
        try container.encode(simulatedAttainmentMax, forKey: .simulatedAttainmentMax)
        try container.encode(simulatedAcceleratorHours, forKey: .simulatedAcceleratorHours)
        try container.encode(saving, forKey: .saving)
        try container.encode(clairvoyantSaving, forKey: .clairvoyantSaving)
        try container.encode(savingShare, forKey: .savingShare)
    }
}

/// The sum of all; nil when one is lacking.
private func sum<Number: AdditiveArithmetic>(_ numbers: [Number?]) -> Number? {
    let known = numbers.compactMap { $0 }
    return known.count == numbers.count ? known.reduce(.zero, +) : nil
}
