internal import Configuration
internal import Fleet
internal import Foundation
internal import Performance
internal import Synchronization

/// Where a replica of a workload should run. The fluid point is known at once; the measured one, which takes seconds of
/// simulation, is made in the background and kept in the state folder.
final class OperatingPoints: Sendable {
    /// What a point depends on.
    struct Question: Hashable, Sendable {
        var profile: PerformanceProfile
        var objective: ServiceLevelObjective
        var shape: ExpectedShape
        var order: RoutingSettings.Order

        /// Changes with everything that the answer depends on.
        fileprivate var key: String {
            "\(profile.name) \(profile.accelerators) \(profile.c0) \(profile.c1) \(profile.c2) \(profile.c3) \(profile.c4)"
                + " \(profile.c6)"
                + " \(profile.chunkTokens) \(profile.maxBatch) \(profile.kvTokens) \(profile.backlogSeconds)"
                + " \(objective.limits) \(objective.attainmentTarget) \(shape.promptTokens) \(shape.outputTokens)"
                + " \(order) with slowdowns"
        }
    }

    /// Points kept at most.
    private static let limit = 100

    private let path: String
    private let known: Mutex<[String: StoredPoint]>

    /// - Parameter path: of the file in which points are kept.
    init(path: String) {
        self.path = path
        let bytes = FileManager.default.contents(atPath: path)
        let stored = bytes.flatMap { try? JSONDecoder().decode([String: StoredPoint].self, from: $0) }
        known = Mutex(stored ?? [:])
    }

    /// A point for now: the measured one where it is known, else the fluid one. Where no rate keeps the objective, the one at
    /// which a replica is full: nobody is in time there, but everybody is served.
    func immediate(_ question: Question) -> OperatingPoint {
        if let point = measured(question), point.steadyRate > 0 { return point }
        let shape = RequestShape(question.shape)
        let within = question.profile.fluidPoint(shape, limits: question.objective.limits)
        let fluid = within.rate > 0 ? within : question.profile.fullPoint(shape)
        return OperatingPoint(
            steadyRate: fluid.rate, steadyConcurrency: fluid.batch, fluidBatch: fluid.batch, shape: shape)
    }

    /// The measured point, if it was made before.
    func measured(_ question: Question) -> OperatingPoint? {
        known.withLock { $0[question.key] }?.point(RequestShape(question.shape))
    }

    /// Measures a point; takes seconds of one core.
    func measure(_ question: Question) -> OperatingPoint {
        let measured = question.shape.operatingPoint(
            profile: question.profile, objective: question.objective, order: question.order)
        keep(measured, question)
        return measured
    }

    private func keep(_ point: OperatingPoint, _ question: Question) {
        let points = known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[question.key] = StoredPoint(point)
            return known
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // What cannot be kept is measured again.
        try? encoder.encode(points).write(to: URL(filePath: path), options: .atomic)
    }
}

/// A measured point as it is kept.
private struct StoredPoint: Codable, Sendable {
    struct Pool: Codable, Sendable {
        var replicas: Int
        var rate: Double
    }

    var steadyRate: Double
    var steadyConcurrency: Double
    var fluidBatch: Double
    var pools: [Pool]
    var queueingShare: Double?
    /// Pairs of fluid and pool.
    var slowdowns: [[Double]]

    init(_ point: OperatingPoint) {
        (steadyRate, steadyConcurrency, fluidBatch) = (point.steadyRate, point.steadyConcurrency, point.fluidBatch)
        queueingShare = point.queueingShare
        slowdowns = point.slowdowns.map { [$0.fluid, $0.pool] }
        pools = point.pools.map { Pool(replicas: $0.replicas, rate: $0.rate) }
    }

    func point(_ shape: RequestShape) -> OperatingPoint {
        var point = OperatingPoint(
            steadyRate: steadyRate, steadyConcurrency: steadyConcurrency, fluidBatch: fluidBatch, shape: shape,
            pools: pools.map { OperatingPoint.PoolRate(replicas: $0.replicas, rate: $0.rate) })
        point.queueingShare = queueingShare
        point.slowdowns = slowdowns.filter { $0.count == 2 }.map {
            OperatingPoint.Slowdown(fluid: $0[0], pool: $0[1])
        }
        return point
    }
}

extension RequestShape {
    init(_ shape: ExpectedShape) {
        self.init(promptTokens: Double(shape.promptTokens), outputTokens: Double(shape.outputTokens))
    }
}
