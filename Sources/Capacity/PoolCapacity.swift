package import Fleet
package import Performance
internal import RealModule
package import Routing

/// How many replicas a load needs so that the objective's share of its requests is good.
///
/// Prepared once for a profile, a workload's lengths, an objective and an order of dispatch: the formula (`TokenModel`,
/// `ServiceModel`) gives the largest rate of pools of some sizes under some burstiness, and calls look between them. Needs
/// grow with the rate and with burstiness. By the formula each replica of a larger pool carries at least as much as one of a
/// smaller; corrected by trials, a larger pool does.
/// Between the points, rates per replica are interpolated over the logarithms of size and dispersion; outside they hold as at
/// the edge.
package struct PoolCapacity: Sendable {
    /// Sizes of pools that are worked out.
    package static let sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
    /// Dispersions that are worked out.
    package static let dispersions = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128]
    /// Of a rate that the formula gives, so much counts: its error against simulated pools leans to this side.
    static let caution = 0.965

    /// The least that a replica carries, of what it carries in a pool of half the size, after a correction.
    private static let poolingMin = 0.65

    /// Requests per second and replica, by size and within it by dispersion.
    private var rates: [[Double]]

    /// Works out the table; some ten milliseconds.
    ///
    /// - Parameters:
    ///   - profile: of each replica.
    ///   - classes: the workload's lengths; of no account to a service.
    ///   - slo: limits of a request, and the share that must keep them.
    ///   - order: of dispatch.
    ///   - pacing: in the order `slo`, the share of the inter-token objective that a replica fills; nil takes the default.
    package init(
        profile: PerformanceProfile, classes: RequestClasses, slo: ServiceLevelObjective, order: DispatchOrder,
        pacing: Double? = nil
    ) {
        let model = Self.model(profile, classes, slo, order, pacing)
        rates = Self.table(model, attainment: slo.attainmentTarget)
        makeMonotone()
    }

    /// The largest rate of a pool of one size under Poisson arrivals, without the table; about a millisecond.
    ///
    /// - Returns: requests per second and replica; 0 when the pool keeps the objective at none.
    package static func rate(
        _ profile: PerformanceProfile, classes: RequestClasses, slo: ServiceLevelObjective, order: DispatchOrder,
        pacing: Double?, replicas: Int
    ) -> Double {
        let model = model(profile, classes, slo, order, pacing)
        let rate = model.rate(
            replicas: Double(replicas), dispersion: 1, attainment: slo.attainmentTarget, within: 0...model.rateMax)
        return caution * rate
    }

    /// Each rate lies between that of the smaller pool and that under less burstiness.
    private static func table(_ model: any PoolModel, attainment: Double) -> [[Double]] {
        var smaller = [Double](repeating: 0, count: dispersions.count)
        return sizes.map { size in
            var most = model.rateMax
            for (column, dispersion) in dispersions.enumerated() {
                most = model.rate(
                    replicas: Double(size), dispersion: dispersion, attainment: attainment,
                    within: min(smaller[column], most)...most)
                smaller[column] = most
            }
            return smaller.map { caution * $0 }
        }
    }

    static func model(
        _ profile: PerformanceProfile, _ classes: RequestClasses, _ slo: ServiceLevelObjective, _ order: DispatchOrder,
        _ pacing: Double?
    ) -> any PoolModel {
        switch slo.limits {
        case .latency(let limit):
            ServiceModel(profile, limit: limit.seconds, passesOver: order == .slo)
        case .tokens(let ttft, let itl):
            TokenModel(
                profile: profile, classes: classes, ttft: ttft.seconds, itl: itl.seconds, order: order, pacing: pacing)
        }
    }

    // MARK: Questions

    /// The least number of replicas that carries a load; under a microsecond.
    ///
    /// - Parameters:
    ///   - rate: requests per second, 0 or more.
    ///   - dispersion: variance over mean of the number of arrivals, over times like that of a request; 1 is Poisson.
    /// - Returns: 0 without load; nil when no number of replicas keeps the objective.
    package func replicas(rate: Double, dispersion: Double) -> Int? {
        precondition(rate >= 0 && rate.isFinite, "a rate is not negative")
        guard rate > 0 else { return 0 }
        let column = Column(dispersion)
        guard let top = Self.sizes.indices.first(where: { total($0, column) >= rate }) else {
            return beyondLargest(rate, column)
        }
        guard top > 0 else { return 1 }
        // The smaller size does not carry it, the larger one does.
        var (low, high) = (Self.sizes[top - 1], Self.sizes[top])
        while high - low > 1 {
            let middle = (low + high) / 2
            if perReplica(middle, column) * Double(middle) >= rate { high = middle } else { low = middle }
        }
        return high
    }

    /// The largest rate that a pool carries, in requests per second; 0 when it keeps the objective at none.
    package func rate(replicas: Int, dispersion: Double) -> Double {
        precondition(replicas >= 0, "a number of replicas is not negative")
        guard replicas > 0 else { return 0 }
        return Double(replicas) * perReplica(replicas, Column(dispersion))
    }

    // MARK: Correction

    /// What a pool was found to carry within the objective, by trials or in operation.
    package struct Measurement: Hashable, Sendable {
        /// Size of the pool, at least 1.
        package var replicas: Int
        /// Variance over mean of the number of arrivals, above 0.
        package var dispersion: Double
        /// Requests per second and replica; 0 when it kept the objective at none.
        package var rate: Double

        package init(replicas: Int, dispersion: Double, rate: Double) {
            self.replicas = replicas
            self.dispersion = dispersion
            self.rate = rate
        }
    }

    /// The same with rates multiplied so that pools carry what was measured of them. Factors are interpolated over the
    /// logarithms of size and dispersion; beyond the measured ones the nearest hold.
    ///
    /// - Parameter measurements: in any order; those where the formula gives no rate are left out.
    /// - Returns: the corrected capacity; an unchanged one without measurements.
    package func corrected(by measurements: [Measurement]) -> PoolCapacity {
        let curves = factors(measurements)
        guard !curves.isEmpty else { return self }
        var corrected = self
        for (row, size) in Self.sizes.enumerated() {
            let bySize = curves.map { curve in
                Correction(
                    position: curve.position, factor: Self.interpolated(curve.sizes, at: Double.log2(Double(size))))
            }
            for (column, dispersion) in Self.dispersions.enumerated() {
                corrected.rates[row][column] *= Self.interpolated(bySize, at: Double.log2(dispersion))
            }
        }
        corrected.makeMonotone(pooling: Self.poolingMin)
        return corrected
    }

    /// What a rate is multiplied by, at the binary logarithm of a size or a dispersion.
    private struct Correction {
        var position: Double
        var factor: Double
    }

    /// The factors of each measured dispersion, by size; both ascending.
    private func factors(_ measurements: [Measurement]) -> [(position: Double, sizes: [Correction])] {
        let known = measurements.filter { perReplica($0.replicas, Column($0.dispersion)) > 0 }
        return Set(known.map(\.dispersion)).sorted().map { dispersion in
            let sizes = known.filter { $0.dispersion == dispersion }.sorted { $0.replicas < $1.replicas }
            return (
                Double.log2(dispersion),
                sizes.map {
                    Correction(
                        position: Double.log2(Double($0.replicas)),
                        factor: $0.rate / perReplica($0.replicas, Column(dispersion)))
                }
            )
        }
    }

    private static func interpolated(_ points: [Correction], at position: Double) -> Double {
        guard let above = points.firstIndex(where: { $0.position >= position }) else {
            return points[points.count - 1].factor
        }
        guard above > 0 else { return points[0].factor }
        let (low, high) = (points[above - 1], points[above])
        let share = (position - low.position) / (high.position - low.position)
        return low.factor + (high.factor - low.factor) * share
    }

    // MARK: Table

    /// Burstiness does not help, and no replica carries less in a larger pool, whatever the formula's last digits say; where trials
    /// say that it does, not so much less that the pool would.
    ///
    /// - Parameter pooling: what a replica carries at least, of what it carries in a pool of half the size. Above 0.6 no pool
    ///   carries less than a smaller one, those between two sizes included.
    private mutating func makeMonotone(pooling: Double = 1) {
        for size in rates.indices {
            for column in rates[size].indices {
                if column > 0 { rates[size][column] = min(rates[size][column], rates[size][column - 1]) }
            }
        }
        for size in rates.indices.dropFirst() {
            for column in rates[size].indices {
                rates[size][column] = max(rates[size][column], pooling * rates[size - 1][column])
            }
        }
    }

    /// A place between two columns of the table.
    private struct Column {
        let left: Int
        /// Towards the next column, 0 ... 1.
        let share: Double

        init(_ dispersion: Double) {
            precondition(dispersion >= 0 && dispersion.isFinite, "a dispersion is not negative")
            let dispersions = PoolCapacity.dispersions
            let first = dispersions[0]
            // Each is twice the one before it.
            let last = Double(dispersions.count - 1)
            let position = min(max(Double.log2(max(dispersion, first) / first), 0), last)
            left = min(Int(position), dispersions.count - 2)
            share = position - Double(left)
        }
    }

    private func entry(_ size: Int, _ column: Column) -> Double {
        let row = rates[size]
        return row[column.left] + (row[column.left + 1] - row[column.left]) * column.share
    }

    private func total(_ size: Int, _ column: Column) -> Double { Double(Self.sizes[size]) * entry(size, column) }

    private func perReplica(_ replicas: Int, _ column: Column) -> Double {
        // Sizes are powers of two.
        let position = Double.log2(Double(replicas))
        let left = min(Int(position), Self.sizes.count - 1)
        guard left < Self.sizes.count - 1 else { return entry(Self.sizes.count - 1, column) }
        let share = position - Double(left)
        return entry(left, column) + (entry(left + 1, column) - entry(left, column)) * share
    }

    private func beyondLargest(_ rate: Double, _ column: Column) -> Int? {
        let each = entry(Self.sizes.count - 1, column)
        let needed = (rate / each).rounded(.up)
        return each > 0 && needed < 1e9 ? Int(needed) : nil
    }
}
