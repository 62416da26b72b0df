import Fleet

@testable import Performance

/// A replica to which requests come at given times, run from event to event.
struct ReplicaRun {
    /// A request: arrival in seconds, tokens.
    struct Request {
        var at: Double
        var prompt: Int
        var output: Int
        var uncached: Int

        init(at: Double, prompt: Int, output: Int, uncached: Int? = nil) {
            self.at = at
            self.prompt = prompt
            self.output = output
            self.uncached = uncached ?? prompt
        }
    }

    /// When each request had its first and its last token; infinite where it never had.
    private(set) var firstToken: [Double]
    private(set) var done: [Double]
    /// Requests in the order of their events.
    private(set) var order: [String] = []
    /// Events after which requests held more blocks than there are.
    private(set) var overflows = 0
    private(set) var busySeconds = 0.0
    private(set) var sequenceSeconds = 0.0

    /// - Parameters:
    ///   - profile: of the replica.
    ///   - requests: in order of arrival.
    ///   - memory: how it is given out.
    init(_ profile: PerformanceProfile, _ requests: [Request], memory: MemoryRule = .reserved) {
        firstToken = Array(repeating: .infinity, count: requests.count)
        done = firstToken
        var replica = BatchingReplica(profile: profile, time: 0, memory: memory)
        for (index, request) in requests.enumerated() {
            while replica.nextTime <= request.at { step(&replica) }
            replica.submit(.of(request, id: index), at: request.at)
        }
        while replica.nextTime < .infinity { step(&replica) }
        (busySeconds, sequenceSeconds) = replica.accounts(at: replica.time)
    }

    private mutating func step(_ replica: inout BatchingReplica) {
        note(replica.step(), at: replica.time)
        guard let capacity = replica.blocks?.capacity, replica.nextTime > replica.time else { return }
        if replica.runningCount > 1, replica.usedBlocks(after: 0) > capacity { overflows += 1 }
    }

    private mutating func note(_ event: BatchingReplica.Event, at time: Double) {
        switch event {
        case .firstToken(let sequence, let isLast):
            firstToken[Int(sequence.id)] = time
            order.append("first \(sequence.id)")
            if isLast { done[Int(sequence.id)] = time }
        case .finished(let sequence):
            done[Int(sequence.id)] = time
            order.append("done \(sequence.id)")
        case .preempted(let sequence): order.append("preempted \(sequence.id)")
        case .resumed(let sequence): order.append("resumed \(sequence.id)")
        }
    }
}

extension BatchingReplica.Sequence {
    static func of(_ request: ReplicaRun.Request, id: Int) -> BatchingReplica.Sequence {
        BatchingReplica.Sequence(
            id: UInt32(id), promptTokens: UInt32(request.prompt), uncachedTokens: UInt32(request.uncached),
            outputTokens: UInt32(request.output), arrival: request.at)
    }
}

extension PerformanceProfile {
    /// Round numbers for working out by hand: iterations of 10 ms + 1 ms a sequence, prefill 1 ms a token + 20 ms, chunks
    /// of 50 tokens (q = 50 ms).
    static func round(
        c2: Double = 0, maxBatch: Int = 100, kvTokens: Int = 1_000_000,
        prefill: (c3: Double, c4: Double) = (0.001, 0.02)
    ) -> PerformanceProfile {
        PerformanceProfile(
            name: "round", accelerators: 1, decode: (c0: 0.01, c1: 0.001, c2: c2), prefill: prefill, chunkTokens: 50,
            maxBatch: maxBatch, kvTokens: kvTokens, backlogSeconds: 1, power: .assumed,
            price: Price(perAcceleratorHour: 1))
    }

    /// The 8B model on one A100 of the reference plant.
    static let reference8B = PerformanceProfile(
        name: "8b-a100", accelerators: 1, decode: (c0: 14.14e-3, c1: 92.8e-6, c2: 124.4e-9),
        prefill: (c3: 63.1e-6, c4: 8e-3), chunkTokens: 512, maxBatch: 256, kvTokens: 430_000, backlogSeconds: 0.25,
        power: .assumed, price: Price(perAcceleratorHour: 1))
}

/// Whether two numbers agree within a relative 1e-9, far above rounding and far below any difference of rules.
func agree(_ left: Double, _ right: Double) -> Bool {
    left == right || abs(left - right) <= 1e-9 * max(abs(left), abs(right), 1)
}
