internal import Fleet
internal import Performance
internal import RealModule
internal import Routing

/// A pool of replicas that generate text by continuous batching.
///
/// The mean state of a replica is a fixed point; around it the number of requests that decode is normal, and slow compared
/// with the wait for a prefill. Given that number, the line in front of prefill says who has the first token late, and the
/// prefill that comes beside one answer who waits too long between tokens (docs/capacity-formula.md).
struct TokenModel: PoolModel {
    /// What goes wrong, as shares of requests.
    struct Losses {
        /// First token late.
        var late: Double
        /// Too long between tokens.
        var slow: Double
        /// First token late because no replica had room for another request.
        var full: Double

        var good: Double { (1 - late) * (1 - slow) * (1 - full) }
    }

    let classes: RequestClasses
    let order: DispatchOrder
    let constants: PoolConstants
    /// Seconds: first token, and between tokens.
    let ttft: Double
    let itl: Double
    /// What an iteration may take on average in the order `slo`.
    let paced: Double
    /// Prefill in seconds by class, and its limits.
    let prefills: [(share: Double, seconds: Double, limit: Double)]
    let prefillMean: Double
    let prefillSquareMean: Double
    let prefillTail: PrefillTail
    /// Share of the prompts that may be taken in behind a mean one.
    let prefillFollowing: Double
    /// Seconds of an iteration: alone, and for each request that decodes; the latter also as pacing estimates it.
    let base: Double
    let perSequence: Double
    let perSequenceReserved: Double
    /// Seconds of prefill in one iteration.
    let chunk: Double
    /// Requests that a replica holds at most.
    let room: Double

    init(
        profile: PerformanceProfile, classes: RequestClasses, ttft: Double, itl: Double, order: DispatchOrder,
        pacing: Double?
    ) {
        self.classes = classes
        self.order = order
        (self.ttft, self.itl) = (ttft, itl)
        constants = PoolConstants.fitted(order)
        paced = itl * (pacing ?? DispatchPacing.defaultShare)
        prefills = classes.prompts.map {
            let seconds = profile.prefillWork(uncachedTokens: $0.uncachedTokens)
            return ($0.share, seconds, max($0.isLong ? 2 * ttft : ttft, 2 * seconds))
        }
        prefillTail = PrefillTail(prefills.map { ($0.share, $0.seconds) })
        let (c3, c4) = (profile.c3, profile.c4)
        prefillMean = c3 * classes.uncachedMean + c4
        prefillSquareMean =
            c3 * c3 * classes.uncachedSquareMean + 2 * c3 * c4 * classes.uncachedMean + c4 * c4
        prefillFollowing = 1 - prefillTail.share(above: max(profile.backlogSeconds - prefillMean, 0))
        base = profile.c0
        perSequence = profile.c1 + profile.c2 * classes.contextMean
        perSequenceReserved = profile.c1 + profile.c2 * classes.reservedMean
        chunk = max(profile.c3 > 0 ? profile.mixedIterationPrefill : profile.c4, 1e-12)
        room = min(Double(profile.maxBatch), Double(profile.kvTokens) / max(classes.reservedMean, 1))
    }

    /// Without any wait: prefill and decoding fill all the time, iterations last as long as they may.
    var rateMax: Double {
        let decodes = classes.decodedMean > 0
        let left = decodes ? max(1 - base / itl, 0) : 1
        let work = prefillMean + classes.decodedMean * perSequence
        return work > 0 ? left / work : 1e9
    }

    func attainment(_ load: PoolLoad) -> Double {
        guard load.rate > 0 else { return losses(PoolLoad(rate: 1e-9, replicas: 1, dispersion: 1))?.good ?? 0 }
        return losses(load)?.good ?? 0
    }

    /// Nil where the pool cannot keep up.
    func losses(_ load: PoolLoad) -> Losses? {
        guard let state = BatchState(self, load), state.mean < room else { return nil }
        let late = lateShare(state)
        guard state.decodes else { return Losses(late: late, slow: 0, full: 0) }
        return Losses(late: late, slow: slowShare(state), full: fullShare(state))
    }

    // MARK: First token

    private func lateShare(_ state: BatchState) -> Double {
        // Without prefill a first token takes no time.
        guard prefillMean > 0 else { return 0 }
        return lateShare(prefilling: state)
    }

    private func lateShare(prefilling state: BatchState) -> Double {
        BatchState.nodes.reduce(0) { sum, node in
            let batch = state.batch(node.deviations)
            // Who finds a free replica may find it without anybody who decodes; who was delayed follows the one before.
            let alone = Double.exp(-batch)
            let free = line(state, batch: batch, slowdown: slowdown(batch: batch, alone: alone))
            let slowdown = slowdown(batch: batch, alone: state.decodes ? alone * (1 - free.delayed) : 1)
            let line = line(state, batch: batch, slowdown: slowdown)
            let late = prefills.reduce(0) { sum, prefill in
                sum + prefill.share * missed(line, after: prefill.limit - prefill.seconds * slowdown)
            }
            return sum + node.weight * late
        }
    }

    /// The line in front of prefill.
    private func line(_ state: BatchState, batch: Double, slowdown: Double) -> WaitingLine {
        let capacity = prefillCapacity(batch: batch, slowdown: slowdown)
        return WaitingLine(
            utilization: state.load.rate * prefillMean / capacity, servers: state.load.replicas,
            service: prefillMean / capacity, variability: lineVariability(state))
    }

    private func missed(_ line: WaitingLine, after seconds: Double) -> Double {
        guard seconds >= 0 else { return 1 }
        let late = line.late(after: seconds)
        guard order == .slo else { return late }
        let lost = line.lost(after: seconds)
        return min(lost + constants.lingering * (late - lost), 1)
    }

    private func lineVariability(_ state: BatchState) -> Double {
        let squaredVariation = max(prefillSquareMean / (prefillMean * prefillMean) - 1, 0)
        let expected = state.load.rate * state.load.replicas * ttft
        let dispersion = state.load.dispersion(expecting: expected, growth: constants.growth)
        return max((dispersion + squaredVariation) / 2, PoolConstants.variabilityMin) * constants.line
    }

    /// How much longer a prefill takes beside requests that decode than alone.
    private func slowdown(batch: Double, alone: Double) -> Double {
        1 + (1 - alone) * (base + perSequence * batch) / chunk
    }

    /// Seconds of prefill that a replica does in a second.
    private func prefillCapacity(batch: Double, slowdown: Double) -> Double {
        guard order == .slo, batch > 0 else { return 1 / slowdown }
        let room = 1 - (base + perSequenceReserved * batch) / paced
        return min(max(room, 1e-6), 1 / slowdown)
    }

    // MARK: Between tokens

    private func slowShare(_ state: BatchState) -> Double {
        let beside = PrefillBeside(self, state)
        return classes.answers.reduce(0) { sum, answer in
            guard answer.decodedTokens >= 0.5 else { return sum }
            let deviation = state.deviation(tokens: answer.decodedTokens)
            let spared = sparing(tokens: answer.decodedTokens)
            let slow = BatchState.nodes.reduce(0) { sum, node in
                let batch = max(state.mean + deviation * node.deviations, 0)
                return sum + node.weight * beside.slowShare(answer, iteration: iterationTime(batch: batch))
            }
            return sum + answer.share * spared * slow
        }
    }

    /// Seconds of an iteration without prefill; pacing lets nobody in where it would be longer than it may be.
    private func iterationTime(batch: Double) -> Double {
        let iteration = base + perSequence * batch
        return order == .slo ? min(iteration, paced) : iteration
    }

    /// Pacing lets no more prefill in than the room and a debt of two tokens and a prompt: what that is over so many tokens.
    private func sparing(tokens: Double) -> Double {
        guard order == .slo else { return 1 }
        let beyond = DispatchPacing.debtTokens * itl + prefillSquareMean / max(prefillMean, 1e-12)
        return Double.pow(max(1 - tokens * (itl - paced) / beyond, 0), constants.sparing)
    }

    // MARK: Room

    private func fullShare(_ state: BatchState) -> Double {
        let replicas = state.load.replicas
        let (places, taken) = (replicas * room, replicas * state.mean)
        let variability = max((1 + state.dispersion) / 2 * state.iteration / base, PoolConstants.variabilityMin)
        let line = WaitingLine(
            utilization: taken / places, servers: places, service: state.life, variability: variability)
        // In the order slo as well: those passed over take their places later.
        return line.late(after: max(ttft - prefillMean, 0))
    }
}
