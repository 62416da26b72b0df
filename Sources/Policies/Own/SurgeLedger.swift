internal import RealModule

/// The distribution of surges, as a queue feels it: how much of the recent work would have been late with how much capacity.
///
/// Fluid pools of several sizes serve what really arrived, second by second. A pool's size is a factor over what had been
/// expected, and never less than what was planned by the forecast alone: head-room is for what that leaves. Work that would
/// wait for longer than the objective allows is late. What is late, what was offered and what was held fade alike.
struct SurgeLedger: Hashable, Sendable, Codable {
    /// Each pool is so many times the one before; the first is what was expected. The last is 25 times that.
    static let step = 1.06
    static let poolCount = 56
    /// Samples farther apart tell nothing of what happened between, in seconds.
    static let gapMax = 30.0

    /// What arrived in a while, and what was there for it.
    struct Arrival {
        /// Steady replica-seconds.
        var work: Double
        /// Seconds in which it came, above 0.
        var seconds: Double
        /// Steady replicas that were expected, above 0.
        var expected: Double
        /// Steady replicas that the forecast alone had asked for.
        var planned: Double
    }

    private struct Pool: Hashable, Sendable, Codable {
        /// Work that waits, in steady replica-seconds; without the late, where they are passed over.
        var waiting = 0.0
        var late = 0.0
        /// Replica-seconds that it took.
        var held = 0.0
    }

    private let memorySeconds: Double
    private let patience: Double
    private let passesLate: Bool
    private var pools = [Pool](repeating: Pool(), count: poolCount)
    private var offered = 0.0

    /// - Parameters:
    ///   - memorySeconds: in which what is remembered fades to a third.
    ///   - patience: seconds that work may wait, zero or more.
    ///   - passesLate: whether those who can still be in time go before the late.
    init(memorySeconds: Double, patience: Double, passesLate: Bool) {
        self.memorySeconds = memorySeconds
        self.patience = patience
        self.passesLate = passesLate
    }

    /// Takes in what arrived.
    mutating func append(_ arrival: Arrival) {
        guard arrival.seconds <= SurgeLedger.gapMax else {
            for index in pools.indices { pools[index].waiting = 0 }
            return
        }
        let fade = Double.exp(-arrival.seconds / memorySeconds)
        offered = offered * fade + arrival.work
        var factor = 1.0
        for index in pools.indices {
            let size = max(factor * arrival.expected, arrival.planned)
            let waiting = pools[index].waiting + arrival.work
            let late = min(max(waiting - size * (arrival.seconds + patience), 0), arrival.work)
            pools[index].late = pools[index].late * fade + late
            pools[index].held = pools[index].held * fade + size * arrival.seconds
            pools[index].waiting = max(waiting - size * arrival.seconds - (passesLate ? late : 0), 0)
            factor *= SurgeLedger.step
        }
    }

    /// The factor that would have cost least; of equals the least, and 1 while nothing is remembered.
    ///
    /// - Parameter value: of work that is not late, in replica-seconds held for each steady replica-second.
    /// - Returns: a factor, at least 1.
    func cheapestFactor(value: Double) -> Double {
        func cost(_ pool: Pool) -> Double { pool.held + value * pool.late }
        var best = 0
        for index in pools.indices where cost(pools[index]) < cost(pools[best]) { best = index }
        return .pow(SurgeLedger.step, Double(best))
    }

    /// The least factor with which at most `share` of the remembered work would have been late, interpolated between pools; 1
    /// while nothing is remembered.
    func factor(lateShare share: Double) -> Double {
        guard offered > 0 else { return 1 }
        var factor = 1.0
        for index in pools.indices {
            if pools[index].late <= share * offered { return index == 0 ? 1 : between(index, factor, share) }
            factor *= SurgeLedger.step
        }
        return factor
    }

    private func between(_ index: Int, _ factor: Double, _ share: Double) -> Double {
        let (before, here) = (pools[index - 1].late, pools[index].late)
        let part = before > here ? (before - share * offered) / (before - here) : 1
        return factor / SurgeLedger.step * (1 + (SurgeLedger.step - 1) * part)
    }
}
