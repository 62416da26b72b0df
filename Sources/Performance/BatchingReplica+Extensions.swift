internal import RealModule

// What goes beyond the reference plant: the square-root term, and memory on demand. Not made for speed.
extension BatchingReplica {
    /// Brings what depends on the number of sequences up to date.
    @usableFromInline
    mutating func extend() {
        nextIsFull = false
        if c6 > 0 { c0 = plainC0 + c6 * .sqrt(Double(decode.count)) }
    }

    // MARK: Admission

    /// The request waits inside until its turn: one prompt at a time, as far as batch and free blocks allow.
    @usableFromInline
    mutating func submitOnDemand(_ sequence: Sequence, at now: Double) {
        advance(to: now)
        time = max(time, now)
        waiting.append(sequence)
        admitOnDemand()
        schedule()
    }

    /// A prompt takes its blocks when its prefill begins. vLLM fills each step with as many prompts as its token budget
    /// holds; one after the other they take the same time. A request that runs alone may overflow, as in the plant.
    private mutating func admitOnDemand() {
        guard prefill.count == 0, waiting.count > 0, runningCount < maxBatch, let memory = blocks else { return }
        let made = memory.madeTokens(waiting.first.id)
        let context = Double(waiting.first.promptTokens) + made
        let isFree = BlockMemory.blocks(context) <= memory.capacity - usedBlocks(after: 0)
        guard runningCount == 0 || isFree else { return }
        let next = waiting.removeFirst()
        blocks?.admit(next.id, contextTokens: context)
        reserved += next.reservedTokens
        headWork = c3 * (Double(next.uncachedTokens) + made) + c4
        prefill.append(next)
    }

    /// A request left: its blocks are free.
    @usableFromInline
    mutating func leaveOnDemand(_ sequence: Sequence) {
        blocks?.remove(sequence.id)
        if prefill.count == 0 { blocks?.endPrefill() }
        admitOnDemand()
        if isIdle { busySeconds += time - busySince }
    }

    /// The head's prompt is done, for the first time or again.
    @usableFromInline
    mutating func finishPrefillOnDemand() -> Event {
        var head = prefill.removeFirst()
        let made = blocks?.madeTokens(head.id) ?? 0
        let isResumed = head.firstToken.isFinite
        if !isResumed { head.firstToken = time }
        blocks?.endPrefill()
        // The end of a prefill is a token.
        let left = max(Double(head.outputTokens) - made - 1, 0)
        if left > 0 {
            context += Double(head.promptTokens) + made + 1
            decode.append(head, finishClock: clock + left)
            admitOnDemand()
        } else {
            leave(head)
        }
        schedule()
        guard isResumed else { return .firstToken(head, isLast: left == 0) }
        return left == 0 ? .finished(head) : .resumed(head)
    }

    // MARK: Pre-emption

    /// Blocks in use when the sequences that decode have done so many iterations more.
    func usedBlocks(after iterations: Double) -> Int {
        var used = prefill.count > 0 ? BlockMemory.blocks(blocks?.prefillTokens ?? 0) : 0
        for index in 0..<decode.count {
            used += BlockMemory.blocks(contextTokens(ofSequence: index) + iterations)
        }
        return used
    }

    /// What it will hold at its end, less the tokens that are still to come.
    private func contextTokens(ofSequence index: Int) -> Double {
        Double(decode.sequences[index].reservedTokens) - (decode.clocks[index] - clock)
    }

    /// When the blocks run out before the next event, that is the next event: found by bisection, as use only grows.
    @usableFromInline
    mutating func iterationsUntilFull(before limit: Double) -> Double {
        guard let memory = blocks, runningCount > 1, usedBlocks(after: limit) > memory.capacity else { return limit }
        var (enough, full) = (0.0, limit)
        if usedBlocks(after: 0) > memory.capacity { full = 0 }
        while full - enough > 1e-7 {
            let middle = (enough + full) / 2
            if usedBlocks(after: middle) > memory.capacity { full = middle } else { enough = middle }
        }
        // A finish at the same moment frees blocks first.
        guard full < limit || !nextIsFinish else { return limit }
        nextIsFull = true
        nextIsFinish = false
        return full
    }

    /// No block is left: the request admitted last gives its own back, waits in front, and is computed again.
    @usableFromInline
    mutating func preemptLast() -> Event {
        headWork = prefill.count > 0 ? max(headWork - chunkSeconds * nextIterations, 0) : 0
        guard let id = blocks?.removeLast() else { preconditionFailure("memory is full, and nobody runs") }
        let victim: Sequence
        if prefill.count > 0, prefill.first.id == id {
            victim = prefill.removeFirst()
            blocks?.endPrefill()
        } else {
            victim = preemptDecoding(id)
        }
        reserved -= victim.reservedTokens
        waiting.prepend(victim)
        schedule()
        return .preempted(victim)
    }

    private mutating func preemptDecoding(_ id: UInt32) -> Sequence {
        guard let index = decode.index(of: id) else { preconditionFailure("request \(id) is admitted, but not here") }
        let (victim, finishClock) = decode.remove(at: index)
        let left = finishClock - clock
        context -= Double(victim.reservedTokens) - left
        if decode.count == 0 {
            context = 0
            clock = 0
        }
        blocks?.preempt(id, madeTokens: Double(victim.outputTokens) - left)
        return victim
    }
}
