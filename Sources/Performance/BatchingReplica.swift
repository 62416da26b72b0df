/// One replica that serves by continuous batching, advanced from event to event without a time step (reference plant,
/// section 1).
///
/// Admitted prompts are prefilled one at a time in order; decoding sequences all advance at one rate, counted by a token
/// clock. Between events the number of sequences n is constant and the iteration time grows linearly with the clock, so
/// the time of the next event is known in closed form. The shell calls `step()` at `nextTime`, in between only `submit`.
public struct BatchingReplica: ~Copyable {
    /// A request on its way through a replica.
    public struct Sequence: Sendable {
        /// Chosen by the shell.
        public var id: UInt32
        /// Tokens of the prompt, cached or not.
        public var promptTokens: UInt32
        /// Prompt tokens to be prefilled.
        public var uncachedTokens: UInt32
        /// Tokens to be generated, at least 1.
        public var outputTokens: UInt32
        /// Seconds; handed back as it came.
        public var arrival: Double
        /// Seconds; set when the prefill ends.
        public var firstToken: Double

        /// A request that has no token yet.
        @inlinable
        @inline(__always)
        public init(id: UInt32, promptTokens: UInt32, uncachedTokens: UInt32, outputTokens: UInt32, arrival: Double) {
            self.id = id
            self.promptTokens = promptTokens
            self.uncachedTokens = uncachedTokens
            self.outputTokens = outputTokens
            self.arrival = arrival
            firstToken = .infinity
        }

        /// Memory for its whole life.
        @inlinable
        @inline(__always)
        public var reservedTokens: Int { Int(promptTokens) + Int(outputTokens) }
    }

    /// What happened at an event.
    @frozen
    public enum Event {
        /// The first token is out; `isLast` when it is also the only one.
        case firstToken(Sequence, isLast: Bool)
        case finished(Sequence)
        /// On demand alone: it gave its memory back and waits again, in front.
        case preempted(Sequence)
        /// On demand alone: what it had before it was pre-empted is computed again; it decodes on.
        case resumed(Sequence)
    }

    // MARK: Speed

    /// Of the profile, plus what `c6` adds with the sequences that decode.
    @usableFromInline var c0: Double
    @usableFromInline var c1: Double
    @usableFromInline var c2: Double
    @usableFromInline var c3: Double
    @usableFromInline var c4: Double
    /// Of the profile.
    var plainC0: Double
    var c6: Double
    /// Whether anything is to be done besides the reference plant's rules when the state changes.
    @usableFromInline let isExtended: Bool
    /// Blocks of memory on demand; nil reserves for the whole life.
    var blocks: BlockMemory?
    @usableFromInline let isOnDemand: Bool
    /// Seconds of prefill in a mixed iteration.
    @usableFromInline var chunkSeconds: Double
    /// Relative to the profile.
    private var speed = 1.0
    /// Requests admitted and unfinished at most.
    public let maxBatch: Int
    /// Tokens of context at most.
    public let kvTokens: Int

    // MARK: State at `time`

    /// Instant up to which the state below is advanced.
    @usableFromInline var time: Double
    /// Token clock V: iterations done since the decode set was last empty.
    @usableFromInline var clock = 0.0
    /// Context tokens K of the decode set.
    @usableFromInline var context = 0.0
    /// Work left of the prompt at the head, in seconds.
    @usableFromInline var headWork = 0.0
    /// Admitted prompts, head first.
    @usableFromInline var prefill: SequenceRing
    /// Bound but not admitted (early binding), in order.
    @usableFromInline var waiting: SequenceRing
    @usableFromInline var decode: DecodeSet
    @usableFromInline var reserved = 0

    // MARK: Next event

    /// When something happens next; infinite while idle.
    public var nextTime = Double.infinity
    @usableFromInline var nextIterations = 0.0
    @usableFromInline var nextIsFinish = false
    /// On demand alone: the next event is that no block is left.
    @usableFromInline var nextIsFull = false

    // MARK: Accounts

    /// Integral of the number of decoding sequences, in sequence-seconds, up to `time`.
    @usableFromInline var sequenceSeconds = 0.0
    /// Seconds with anything to do, up to `busySince` or the last idle moment.
    @usableFromInline var busySeconds = 0.0
    @usableFromInline var busySince = Double.infinity

    /// An idle replica.
    ///
    /// - Parameters:
    ///   - profile: how fast it is.
    ///   - time: seconds.
    ///   - memory: how it is given out.
    package init(profile: PerformanceProfile, time: Double, memory: MemoryRule = .reserved) {
        c0 = profile.c0
        plainC0 = profile.c0
        c6 = profile.c6
        isOnDemand = memory == .onDemand
        isExtended = isOnDemand || profile.c6 > 0
        blocks = isOnDemand ? BlockMemory(tokens: profile.kvTokens) : nil
        c1 = profile.c1
        c2 = profile.c2
        c3 = profile.c3
        c4 = profile.c4
        // Without a cost per token a prompt still takes c4: one mixed iteration. Without any cost it is done at once: a chunk
        // just above zero makes no work end before the next finish, and adds nothing to an iteration.
        chunkSeconds = max(profile.c3 > 0 ? profile.mixedIterationPrefill : profile.c4, .leastNormalMagnitude)
        maxBatch = profile.maxBatch
        kvTokens = profile.kvTokens
        self.time = time
        prefill = SequenceRing()
        waiting = SequenceRing()
        decode = DecodeSet()
    }

    // MARK: What it holds

    /// Sequences that decode.
    @inlinable public var decodingCount: Int { decode.count }
    /// Prompts admitted and not prefilled.
    @inlinable public var prefillCount: Int { prefill.count }
    /// Requests bound but not admitted.
    @inlinable public var waitingCount: Int { waiting.count }
    /// Admitted and unfinished.
    @inlinable public var runningCount: Int { decode.count + prefill.count }
    /// Whether it has nothing at all.
    @inlinable public var isIdle: Bool { runningCount + waiting.count == 0 }
    /// Memory reserved by running requests, in tokens.
    public var reservedTokens: Int { reserved }
    /// Uncached tokens of admitted prompts that are not prefilled; the head counts whole.
    public var prefillQueuedTokens: Int { prefill.uncachedTokens }
    /// Prompt tokens of the requests that wait inside.
    public var waitingPromptTokens: Int { waiting.promptTokens }
    /// Uncached tokens of the requests that wait inside.
    public var waitingUncachedTokens: Int { waiting.uncachedTokens }

    /// Context tokens of the decode set at `now`, which must not lie after the next event.
    public func contextTokens(at now: Double) -> Double {
        context + Double(decode.count) * iterations(in: max(now - time, 0))
    }

    /// Busy seconds and sequence-seconds up to `now`, which must not lie after the next event.
    public func accounts(at now: Double) -> (busySeconds: Double, sequenceSeconds: Double) {
        let busy = busySeconds + (isIdle ? 0 : now - busySince)
        return (busy, sequenceSeconds + Double(decode.count) * max(now - time, 0))
    }

    // MARK: Events

    /// Gives the replica a request at `now`, which must not lie after the next event. It is admitted at once, in the order
    /// of submission, as far as batch and memory allow; else it waits inside.
    @inlinable
    @inline(__always)
    public mutating func submit(_ sequence: Sequence, at now: Double) {
        if isIdle { busySince = now }
        if isOnDemand { return submitOnDemand(sequence, at: now) }
        if waiting.count == 0, admits(sequence) {
            admit(sequence, at: now)
        } else {
            waiting.append(sequence)
        }
    }

    /// Carries out the event at `nextTime`.
    @inlinable
    @inline(__always)
    public mutating func step() -> Event {
        let sequences = Double(decode.count)
        sequenceSeconds += sequences * (nextTime - time)
        context += sequences * nextIterations
        time = nextTime
        if nextIsFinish {
            clock = decode.earliestClock
            if prefill.count > 0 { headWork = max(headWork - chunkSeconds * nextIterations, 0) }
            return finishEarliest()
        }
        clock += nextIterations
        if nextIsFull { return preemptLast() }
        return finishPrefill()
    }

    /// Runs at `speed` times its profile's speed from `now` on: below 1 is slower.
    ///
    /// - Parameters:
    ///   - speed: above zero; 1 is the profile's.
    ///   - now: not after the next event.
    public mutating func setSpeed(_ speed: Double, at now: Double) {
        precondition(speed > 0, "a speed is above zero")
        advance(to: now)
        let factor = speed / self.speed
        self.speed = speed
        plainC0 /= factor
        c0 /= factor
        c6 /= factor
        c1 /= factor
        c2 /= factor
        c3 /= factor
        c4 /= factor
        chunkSeconds /= factor
        headWork /= factor
        schedule()
    }

    /// Takes everything out, as a crash does. The replica is idle afterwards.
    ///
    /// - Returns: requests that had no token yet, in order, and those that had.
    public mutating func abandon(at now: Double) -> (beforeFirstToken: [Sequence], afterFirstToken: [Sequence]) {
        advance(to: now)
        if !isIdle { busySeconds += now - busySince }
        var before = prefill.removeAll() + waiting.removeAll()
        var after = decode.removeAll()
        if isOnDemand {
            // A pre-empted request waits, but has had its first token.
            after += before.filter { $0.firstToken.isFinite }
            before.removeAll { $0.firstToken.isFinite }
            blocks?.clear()
        }
        context = 0
        clock = 0
        reserved = 0
        headWork = 0
        schedule()
        return (before, after)
    }
}
