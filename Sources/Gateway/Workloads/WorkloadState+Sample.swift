internal import Configuration
internal import Fleet
internal import Link
internal import Routing

/// What is told to the controller, and counted at the end of a request.
extension WorkloadState {
    /// Sends a sample when one is owed and the last one is old enough.
    mutating func sampleIfOwed(at now: Double, effects: inout RoutingEffects) {
        guard owesSample, now - lastSampleTime >= WorkloadState.sampleSpacing else { return }
        owesSample = false
        lastSampleTime = now
        effects.messages.append(.sample(sample(at: now)))
    }

    /// Counters and gauges now; the shell adds the time of day.
    func sample(at now: Double) -> GatewaySample {
        var sample = GatewaySample(workload: settings.id.description)
        sample.time = now
        sample.arrivedRequests = counters.arrivedRequests
        sample.arrivedPromptTokens = counters.arrivedPromptTokens
        sample.finishedRequests = counters.finishedRequests
        sample.finishedPromptTokens = counters.finishedPromptTokens
        sample.finishedOutputTokens = counters.finishedOutputTokens
        sample.timedTokens = counters.timedTokens
        sample.decodeSeconds = counters.decodeSeconds
        sample.goodRequests = counters.goodRequests
        sample.refusedRequests = counters.refusedRequests
        sample.failedRequests = counters.failedRequests
        sample.inFlightSeconds = counters.inFlightSeconds(at: now)
        sample.queuedRequests = queuedRequests
        sample.queuedPromptTokens =
            dispatcher.waitingPromptTokens + retrying.reduce(0) { $0 + Int($1.claim.promptTokens) }
        sample.runningRequests = runningRequests
        for number in replicas.keys.sorted() {
            guard let replica = replicas[number] else { continue }
            let slot = dispatcher.table[replica.slot]
            sample.replicas.append(
                GatewayReplicaSample(
                    number: number, isReady: slot.isReady, runningRequests: slot.runningRequests,
                    reservedTokens: slot.reservedTokens))
        }
        return sample
    }

    /// A request left, however.
    mutating func count(_ outcome: ExchangeOutcome, at now: Double) {
        counters.leave(at: now)
        counters.count(status: outcome.status)
        if let refusal = outcome.refusal { counters.count(refusal) }
        counters.duration.record(outcome.durationSeconds)
        if let seconds = outcome.firstTokenSeconds { counters.timeToFirstToken.record(seconds) }
        if outcome.refusal == .clientGone {
            counters.cancelledRequests += 1
        } else if outcome.refusal?.isForLackOfRoom == true {
            counters.refusedRequests += 1
        } else if outcome.refusal != nil || outcome.status >= 500 {
            counters.failedRequests += 1
        } else {
            countFinished(outcome)
        }
    }

    private mutating func countFinished(_ outcome: ExchangeOutcome) {
        counters.finishedRequests += 1
        counters.finishedPromptTokens += outcome.promptTokens
        counters.finishedOutputTokens += estimates.outputTokens(of: outcome)
        if let seconds = outcome.interTokenSeconds {
            counters.timedTokens += outcome.outputTokens - 1
            counters.decodeSeconds += seconds * Double(outcome.outputTokens - 1)
        }
        if outcome.isGood(settings.objective) { counters.goodRequests += 1 }
        guard outcome.status == 200 else { return }
        estimates.learn(
            bodyBytes: outcome.bodyBytes, promptTokens: outcome.statedPromptTokens, outputTokens: outcome.outputTokens)
    }
}
