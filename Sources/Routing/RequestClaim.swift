/// What a router must know about a request to place it: its size, and a number to find it again.
public struct RequestClaim: Hashable, Sendable {
    /// Chosen by the shell; the router only hands it back.
    public var id: UInt32
    /// Tokens of the prompt, cached or not.
    public var promptTokens: Int32
    /// Prompt tokens that no prefix cache holds.
    public var uncachedTokens: Int32
    /// Memory to reserve: prompt and output. A gateway, which cannot know the output, takes the most that it may become.
    public var reservedTokens: Int32
    /// Prefill work in ticks of the table's backlog limit (`ReplicaTable.ticks(prefillSeconds:)`).
    public var prefillTicks: Int32
    /// The same prefill work in seconds; the order `slo` alone needs it.
    public var prefillSeconds: Double
    /// The instant, in seconds, until which its first token is in time; infinite when it always is.
    public var deadline: Double

    /// A claim; `ReplicaTable.ticks(prefillSeconds:)` gives the ticks.
    @inlinable
    public init(
        id: UInt32, promptTokens: Int32, uncachedTokens: Int32, reservedTokens: Int32, prefillTicks: Int32,
        prefillSeconds: Double = 0, deadline: Double = .infinity
    ) {
        self.id = id
        self.promptTokens = promptTokens
        self.uncachedTokens = uncachedTokens
        self.reservedTokens = reservedTokens
        self.prefillTicks = prefillTicks
        self.prefillSeconds = prefillSeconds
        self.deadline = deadline
    }
}

/// When a request is bound to a replica.
public enum Binding: String, Hashable, Sendable, CaseIterable {
    /// It waits centrally until a replica admits it.
    case late
    /// At arrival; it waits inside the replica.
    case early
}

/// Which of the replicas that could take a request gets it.
public enum ReplicaChoice: String, Hashable, Sendable, CaseIterable {
    /// The fewest tokens of unfinished requests; ties go to the lowest slot.
    case leastOutstandingTokens = "least-outstanding-tokens"
    /// The fewest unfinished requests; ties go to the lowest slot.
    case leastRequests = "least-requests"
    /// The next one in the order of slots.
    case roundRobin = "round-robin"
    /// As `roundRobin`, in proportion to the replicas' weights, spread evenly.
    case weightedRoundRobin = "weighted-round-robin"
    /// The one with fewer outstanding tokens of two drawn by a seeded generator (Mitzenmacher 2001).
    case powerOfTwoChoices = "power-of-two-choices"
}

/// What a replica admits (reference plant, section 2).
public struct AdmissionLimits: Hashable, Sendable {
    /// Requests admitted and unfinished.
    public var maxBatch: Int
    /// Tokens of memory.
    public var kvTokens: Int
    /// Seconds of prefill work accepted in advance.
    public var backlogSeconds: Double
    /// How fast it is, and how much prefill it may take in; for the order `slo` alone.
    public var pace: ReplicaPace

    /// - Parameters:
    ///   - maxBatch: at least 1.
    ///   - kvTokens: at least 1.
    ///   - backlogSeconds: zero or more.
    ///   - pace: for the order `slo` alone.
    public init(
        maxBatch: Int, kvTokens: Int, backlogSeconds: Double, pace: ReplicaPace = .unlimited
    ) {
        precondition(maxBatch >= 1 && kvTokens >= 1 && backlogSeconds >= 0, "admission limits out of range")
        self.maxBatch = maxBatch
        self.kvTokens = kvTokens
        self.backlogSeconds = backlogSeconds
        self.pace = pace
    }
}
