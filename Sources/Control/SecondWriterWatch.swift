internal import Fleet

/// Notices that somebody else starts or stops replicas of this workload, and says how long to keep still.
///
/// One contradiction may be a message under way, two a person at work. From the third on within a while, whoever it is
/// reacts to us: going on would be a fight.
struct SecondWriterWatch: Hashable, Sendable, Codable {
    /// A contradiction counts when it lasts so long, in seconds: news and lists cross.
    static let settlingSeconds = 2.0
    /// So many within `quietSeconds` are a second writer.
    static let incidentCount = 3
    /// Without a further contradiction for so long, orders are given again; in seconds.
    static let quietSeconds = 300.0
    /// Contradictions followed at once; further ones are followed once these are settled.
    static let contestedMax = 64

    private struct Contested: Hashable, Sendable, Codable {
        var id: ReplicaID
        var since: Instant
        var isCounted: Bool
    }

    private var contested: [Contested] = []
    /// The latest, oldest first.
    private var incidents: [Instant] = []
    /// No orders until then; nil when there is no second writer.
    private(set) var holdUntil: Instant?

    /// Takes in the contradictions of a list of replicas.
    ///
    /// - Returns: those that have just lasted long enough to count.
    mutating func observe(_ ids: [ReplicaID], at now: Instant) -> [ReplicaID] {
        contested = ids.prefix(SecondWriterWatch.contestedMax).map { id in
            contested.first { $0.id == id } ?? Contested(id: id, since: now, isCounted: false)
        }
        var settled: [ReplicaID] = []
        for index in contested.indices where !contested[index].isCounted {
            guard now.seconds(since: contested[index].since) >= SecondWriterWatch.settlingSeconds else { continue }
            contested[index].isCounted = true
            settled.append(contested[index].id)
        }
        if !settled.isEmpty { noteIncident(at: now) }
        return settled
    }

    private mutating func noteIncident(at now: Instant) {
        incidents.append(now)
        incidents.removeAll { now.seconds(since: $0) >= SecondWriterWatch.quietSeconds }
        if incidents.count > SecondWriterWatch.incidentCount { incidents.removeFirst() }
        guard incidents.count >= SecondWriterWatch.incidentCount || holdUntil.map({ now < $0 }) ?? false else { return }
        holdUntil = Instant(seconds: now.seconds + SecondWriterWatch.quietSeconds)
    }

    func isHolding(at now: Instant) -> Bool { holdUntil.map { now < $0 } ?? false }

    /// Somebody says that it is settled.
    mutating func forgive() {
        incidents = []
        holdUntil = nil
    }
}
