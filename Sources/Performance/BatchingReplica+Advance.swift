extension BatchingReplica {
    /// Seconds of the iteration that is under way, prefill share included.
    @inlinable
    @inline(__always)
    var iterationSeconds: Double {
        let decodeSeconds = c0 + c1 * Double(decode.count) + c2 * context
        return prefill.count > 0 ? decodeSeconds + chunkSeconds : decodeSeconds
    }

    /// Iterations done in `seconds` from `time` on: `2d / (a + sqrt(a^2 + 2 c2 n d))`.
    @inlinable
    @inline(__always)
    func iterations(in seconds: Double) -> Double {
        guard decode.count > 0 else { return 0 }
        let a = iterationSeconds
        return 2 * seconds / (a + (a * a + 2 * c2 * Double(decode.count) * seconds).squareRoot())
    }

    /// Brings the state to `now`, which must not lie after the next event.
    @inlinable
    @inline(__always)
    mutating func advance(to now: Double) {
        let seconds = now - time
        guard seconds > 0 else { return }
        if decode.count > 0 {
            let count = iterations(in: seconds)
            clock += count
            context += Double(decode.count) * count
            if prefill.count > 0 { headWork = max(headWork - chunkSeconds * count, 0) }
            sequenceSeconds += Double(decode.count) * seconds
        } else if prefill.count > 0 {
            headWork = max(headWork - seconds, 0)
        }
        time = now
    }

    /// Works out the next event: the earliest finish, or the end of the head's prefill; a finish wins ties.
    @inlinable
    @inline(__always)
    mutating func schedule() {
        if isExtended { extend() }
        guard decode.count > 0 else {
            nextIsFinish = false
            nextIterations = 0
            nextTime = prefill.count > 0 ? time + headWork : .infinity
            return
        }
        var count = max(decode.earliestClock - clock, 0)
        nextIsFinish = true
        if prefill.count > 0, headWork < count * chunkSeconds {
            count = headWork / chunkSeconds
            nextIsFinish = false
        }
        if isOnDemand { count = iterationsUntilFull(before: count) }
        nextIterations = count
        nextTime = time + count * (iterationSeconds + c2 * Double(decode.count) * count / 2)
    }

    @inlinable
    @inline(__always)
    func admits(_ sequence: Sequence) -> Bool {
        let running = runningCount
        return running < maxBatch && (running == 0 || reserved + sequence.reservedTokens <= kvTokens)
    }

    @inlinable
    @inline(__always)
    mutating func admit(_ sequence: Sequence, at now: Double) {
        reserved += sequence.reservedTokens
        // A prompt that joins others in the queue changes nothing yet.
        if prefill.count > 0 {
            prefill.append(sequence)
            return
        }
        advance(to: now)
        time = max(time, now)
        prefill.append(sequence)
        headWork = c3 * Double(sequence.uncachedTokens) + c4
        schedule()
    }

    @inlinable
    @inline(__always)
    mutating func finishEarliest() -> Event {
        let done = decode.removeEarliest()
        context -= Double(done.reservedTokens)
        if decode.count == 0 {
            context = 0
            clock = 0
        }
        leave(done)
        schedule()
        return .finished(done)
    }

    @inlinable
    @inline(__always)
    mutating func finishPrefill() -> Event {
        if isOnDemand { return finishPrefillOnDemand() }
        var head = prefill.removeFirst()
        head.firstToken = time
        if prefill.count > 0 { headWork = c3 * Double(prefill.first.uncachedTokens) + c4 }
        let isLast = head.outputTokens == 1
        if isLast {
            leave(head)
        } else {
            context += Double(head.promptTokens) + 1
            decode.append(head, finishClock: clock + Double(head.outputTokens - 1))
        }
        schedule()
        return .firstToken(head, isLast: isLast)
    }

    /// A request leaves; those that wait inside may come in.
    @inlinable
    @inline(__always)
    mutating func leave(_ sequence: Sequence) {
        reserved -= sequence.reservedTokens
        if isOnDemand { return leaveOnDemand(sequence) }
        while waiting.count > 0, admits(waiting.first) {
            let next = waiting.removeFirst()
            reserved += next.reservedTokens
            if prefill.count == 0 { headWork = c3 * Double(next.uncachedTokens) + c4 }
            prefill.append(next)
        }
        if isIdle { busySeconds += time - busySince }
    }
}
