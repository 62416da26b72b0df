internal import RealModule

/// The distribution of surges, as a queue feels it: how much of the recent work would have been late with how much capacity.
///
/// Fluid pools of several sizes serve what really arrived, second by second. A pool's size is a reserve over what had been
/// expected, and never less than what was planned by the forecast alone: head-room is for what that leaves. Work that would
/// wait for longer than the objective allows is late. What is late, what was offered and what was held fade alike.
struct SurgeLedger: Hashable, Sendable, Codable {
    /// The reserves of its pools, growing. Small ones are for forecasts that lag, by a share; large ones for surges, by a root.
    static let reserves: [SurgeReserve] = {
        let small = (0..<5).map { SurgeReserve(multiple: .pow(1.06, Double($0))) }
        let large = (0..<75).map { SurgeReserve(multiple: .pow(1.06, 4), roots: 0.1 * .pow(1.1, Double($0))) }
        return small + large
    }()
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
    private var pools = [Pool](repeating: Pool(), count: reserves.count)
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

    /// Refuses what another version left with other reserves: its pools would be taken for others.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        memorySeconds = try container.decode(Double.self, forKey: .memorySeconds)
        patience = try container.decode(Double.self, forKey: .patience)
        passesLate = try container.decode(Bool.self, forKey: .passesLate)
        offered = try container.decode(Double.self, forKey: .offered)
        pools = try container.decode([Pool].self, forKey: .pools)
        guard pools.count == SurgeLedger.reserves.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .pools, in: container,
                debugDescription: "\(pools.count) pools where \(SurgeLedger.reserves.count) belong")
        }
    }

    /// Takes in what arrived.
    mutating func append(_ arrival: Arrival) {
        guard arrival.seconds <= SurgeLedger.gapMax else {
            for index in pools.indices { pools[index].waiting = 0 }
            return
        }
        let fade = Double.exp(-arrival.seconds / memorySeconds)
        offered = offered * fade + arrival.work
        for (index, reserve) in SurgeLedger.reserves.enumerated() {
            let size = max(reserve.replicas(arrival.expected), arrival.planned)
            let waiting = pools[index].waiting + arrival.work
            let late = min(max(waiting - size * (arrival.seconds + patience), 0), arrival.work)
            pools[index].late = pools[index].late * fade + late
            pools[index].held = pools[index].held * fade + size * arrival.seconds
            pools[index].waiting = max(waiting - size * arrival.seconds - (passesLate ? late : 0), 0)
        }
    }

    /// The reserve that would have cost least.
    ///
    /// - Parameter value: of work that is not late, in replica-seconds held for each steady replica-second.
    /// - Returns: of equals the least, and none while nothing is remembered.
    func cheapest(value: Double) -> SurgeReserve {
        func cost(_ pool: Pool) -> Double { pool.held + value * pool.late }
        var best = 0
        for index in pools.indices where cost(pools[index]) < cost(pools[best]) { best = index }
        return SurgeLedger.reserves[best]
    }

    /// The least reserve with which at most `share` of the remembered work would have been late, interpolated between pools; none
    /// while nothing is remembered.
    func least(lateShare share: Double) -> SurgeReserve {
        guard let index = pools.firstIndex(where: { $0.late <= share * offered }) else {
            return SurgeLedger.reserves[pools.count - 1]
        }
        guard index > 0 else { return SurgeLedger.reserves[0] }
        let (before, here) = (pools[index - 1].late, pools[index].late)
        let part = before > here ? (before - share * offered) / (before - here) : 1
        return SurgeLedger.reserves[index - 1].interpolated(to: SurgeLedger.reserves[index], part)
    }
}
