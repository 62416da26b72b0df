/// How long the iterations of a replica are, and how long they may be: what the order `slo` goes by.
public struct ReplicaPace: Hashable, Sendable {
    /// Seconds of every iteration.
    public var base: Double
    /// Seconds per decoding request.
    public var perRequest: Double
    /// Seconds per token of context.
    public var perToken: Double
    /// Seconds per square root of the decoding requests.
    public var perRoot: Double
    /// Seconds of prefill in an iteration, when somebody waits for it; zero for replicas without prefill.
    public var prefill: Double
    /// What a second of prefill, as it is counted everywhere else, really takes, in seconds.
    public private(set) var prefillFactor = 1.0
    /// What an iteration may take on average, in seconds.
    public var tokenSeconds: Double
    /// Prefill beyond the room that this leaves, with which the replica still takes in more, in seconds.
    public var debtSeconds: Double

    /// Replicas that may take in whatever they admit.
    public static let unlimited = ReplicaPace(
        base: 0, perRequest: 0, perToken: 0, prefill: 0, tokenSeconds: .infinity, debtSeconds: .infinity)

    /// - Parameters:
    ///   - base: seconds, zero or more.
    ///   - perRequest: seconds, zero or more.
    ///   - perToken: seconds, zero or more.
    ///   - prefill: seconds, zero or more.
    ///   - tokenSeconds: above zero.
    ///   - debtSeconds: zero or more.
    ///   - perRoot: seconds, zero or more.
    public init(
        base: Double, perRequest: Double, perToken: Double, prefill: Double, tokenSeconds: Double, debtSeconds: Double,
        perRoot: Double = 0
    ) {
        precondition(tokenSeconds > 0 && debtSeconds >= 0, "a pace is above zero")
        self.base = base
        self.perRequest = perRequest
        self.perToken = perToken
        self.perRoot = perRoot
        self.prefill = prefill
        self.tokenSeconds = tokenSeconds
        self.debtSeconds = debtSeconds
    }

    /// The pace of replicas that take so many times as long.
    ///
    /// - Parameters:
    ///   - base: for an iteration without anybody in it, above 0.
    ///   - requests: for decoding requests and their context, above 0.
    ///   - prefill: for prefill, above 0.
    /// - Returns: all else as it is.
    public func timed(base: Double, requests: Double, prefill: Double) -> ReplicaPace {
        precondition(base > 0 && requests > 0 && prefill > 0, "a replica takes time")
        var pace = self
        pace.base *= base
        pace.perRequest *= requests
        pace.perToken *= requests
        pace.perRoot *= requests
        pace.prefillFactor *= prefill
        return pace
    }

    /// An iteration without prefill. Memory is reserved for whole answers, so with reserved tokens as context it comes out
    /// longer than it is.
    func decodeSeconds(requests: Int, tokens: Int) -> Double {
        base + perRequest * Double(requests) + perToken * Double(tokens) + perRoot * Double(requests).squareRoot()
    }
}
