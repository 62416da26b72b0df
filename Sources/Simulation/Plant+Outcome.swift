internal import Fleet
internal import Performance
internal import Traces

extension Plant {
    /// What came of the measured period.
    func outcome(profile: PerformanceProfile, options: SimulationOptions) -> SimulationOutcome {
        var outcome = SimulationOutcome()
        let offered = offeredRequests(from: options.measureFrom)
        outcome.requests = offered
        outcome.good = judge.good
        outcome.ttftOK = judge.ttftOK
        outcome.itlOK = judge.itlOK
        outcome.failed = judge.failed
        outcome.unfinished = offered - judge.finished - judge.failed
        outcome.preemptions = preemptions
        outcome.billedSeconds = bill.billedSeconds
        outcome.startUpSeconds = bill.startUpSeconds
        outcome.busySeconds = bill.busySeconds
        outcome.energy = energy(profile)
        outcome.acceleratorsPerReplica = profile.accelerators
        outcome.inFlightSeconds = inFlightSecondsMeasured
        outcome.horizonSeconds = bill.until - bill.from
        outcome.digest = digest
        setPercentiles(&outcome)
        if options.slo.answersWhole { outcome.countAnswersWhole() }
        return outcome
    }

    private func setPercentiles(_ outcome: inout SimulationOutcome) {
        let shares = [0.5, 0.95, 0.99]
        outcome.ttft = Percentiles(judge.ttft.elements(at: shares, offered: outcome.requests))
        outcome.ttftMean = judge.ttft.mean
        outcome.itlMean = judge.itl.mean
        outcome.lateTTFT = Percentiles(
            judge.lateTTFT.elements(at: shares, offered: outcome.requests - outcome.ttftOK))
        outcome.itl = Percentiles(judge.itl.interpolated(at: shares))
        outcome.latency = Percentiles(judge.latency.elements(at: shares, offered: outcome.requests))
    }

    /// Over exactly the billed seconds: busy ones at `p_busy + p_seq n`, the rest at `p_idle`, times accelerators.
    private func energy(_ profile: PerformanceProfile) -> Energy {
        let power = profile.power
        let idle = (bill.billedSeconds - bill.busySeconds) * power.idle.watts
        let busy = bill.busySeconds * power.busy.watts + bill.sequenceSeconds * power.perSequence.watts
        return Energy(joules: (idle + busy) * Double(profile.accelerators))
    }

    private func offeredRequests(from start: Double) -> Int {
        trace.count - trace.firstIndex(from: start)
    }
}

extension SimulationOutcome {
    /// A service answers at once or not at all: the first token is the answer, and there is no time between tokens.
    fileprivate mutating func countAnswersWhole() {
        ttftOK = good
        itlOK = good
        ttft = latency
        (ttftMean, itlMean) = (nil, nil)
        lateTTFT = Percentiles()
        itl = Percentiles()
    }
}

extension Percentiles {
    /// - Parameter values: p50, p95 and p99 in seconds.
    init(_ values: [Double]) {
        self.init()
        (p50, p95, p99) = (values[0], values[1], values[2])
    }
}
