internal import Performance

/// What came of each request, kept only when a timeline is wanted.
struct RequestOutcomes {
    /// Seconds; infinite while there is no first token.
    private(set) var ttft: [Float]
    /// Mean seconds between tokens; infinite while unfinished.
    private(set) var itl: [Float]
    private(set) var isGood: [Bool]

    /// Whether the first token is the whole answer, as with services.
    private let answersWhole: Bool

    init(count: Int, answersWhole: Bool) {
        self.answersWhole = answersWhole
        ttft = Array(repeating: .infinity, count: count)
        itl = Array(repeating: .infinity, count: count)
        isGood = Array(repeating: false, count: count)
    }

    mutating func firstToken(_ sequence: BatchingReplica.Sequence) {
        if !answersWhole { ttft[Int(sequence.id)] = Float(sequence.firstToken - sequence.arrival) }
    }

    mutating func finish(_ sequence: BatchingReplica.Sequence, at now: Double, isGood: Bool) {
        itl[Int(sequence.id)] = answersWhole ? 0 : Float(RequestJudge.meanITL(sequence, at: now))
        if answersWhole { ttft[Int(sequence.id)] = Float(now - sequence.arrival) }
        self.isGood[Int(sequence.id)] = isGood
    }
}
