internal import Backtest
internal import Capacity
internal import Fleet
internal import Performance
internal import Routing
internal import Simulation
internal import Traces

/// A prepared answer to how many replicas a workload needs: in one pool, or in one for prefill and one for decoding.
struct Sizing {
    let profile: PerformanceProfile
    let decodeProfile: PerformanceProfile?
    let objective: ServiceLevelObjective
    let order: DispatchOrder
    let requests: Trace
    /// Seconds that preparing took.
    let prepareSeconds: Double
    let pool: PoolCapacity
    private let split: SplitServing?

    /// One load and what it needs.
    struct Answer {
        var rate: Double
        var dispersion: Double
        /// Nil when no number of replicas keeps the objective.
        var replicas: Int?
        /// Of those that decode, where that is apart; `replicas` prefill then.
        var decodeReplicas: Int?
        /// What each pool must keep, where there are two.
        var shares: (prefill: Double, decode: Double)?
        /// Good share of the simulated requests.
        var attainment: Double?
        /// The least number that reaches the target in simulation.
        var least: Int?
    }

    init(
        profile: PerformanceProfile, decodeProfile: PerformanceProfile?, objective: ServiceLevelObjective,
        order: DispatchOrder, requests: Trace, trialRequests: Int
    ) throws {
        self.profile = profile
        self.decodeProfile = decodeProfile
        self.objective = objective
        self.order = order
        self.requests = requests
        let lengths = requests.requestLengths
        if decodeProfile != nil, !lengths.contains(where: { $0.outputTokens > 1 }) {
            throw CommandError("No request has more than one output token: there is nothing to decode apart.")
        }
        let started = ContinuousClock.now
        let long = Double(ServiceLevelObjective.longPromptTokens)
        let formula = PoolCapacity(
            profile: profile, classes: RequestClasses(lengths, longPromptTokens: long), slo: objective, order: order)
        if trialRequests > 0, decodeProfile == nil {
            let calibration = PoolCalibration(
                Self.trial(requests, profile, objective, order), attainmentTarget: objective.attainmentTarget,
                requests: trialRequests)
            pool = formula.corrected(by: calibration.measurements(around: formula))
        } else {
            pool = formula
        }
        prepareSeconds = (ContinuousClock.now - started) / .seconds(1)
        split = decodeProfile.map {
            SplitServing(prefill: profile, decode: $0, requests: lengths, slo: objective, order: order)
        }
    }

    func answer(rate: Double, dispersion: Double) -> Answer {
        var answer = Answer(rate: rate, dispersion: dispersion)
        guard let split else {
            answer.replicas = pool.replicas(rate: rate, dispersion: dispersion)
            return answer
        }
        guard let pair = split.replicas(rate: rate, dispersion: dispersion) else { return answer }
        answer.replicas = pair.prefillReplicas
        answer.decodeReplicas = pair.decodeReplicas
        answer.shares = (pair.prefillAttainment, pair.decodeAttainment)
        return answer
    }

    // MARK: Check

    /// Simulates an answer; in one pool also its neighbours, until the least number is found.
    func check(_ answer: inout Answer, requests count: Int, seed: UInt64) {
        guard let replicas = answer.replicas, replicas > 0 else { return }
        if let decodeProfile, let decodeReplicas = answer.decodeReplicas {
            let prefill = trial(requests.split(decoding: false), profile).outcome(
                rate: answer.rate, dispersion: answer.dispersion, replicas: replicas, requests: count, seed: seed)
            let decoding = requests.split(decoding: true)
            let decode = trial(decoding, SplitServing.decodeOnly(decodeProfile)).outcome(
                rate: answer.rate * Double(decoding.count) / Double(requests.count), dispersion: answer.dispersion,
                replicas: decodeReplicas, requests: count, seed: seed)
            answer.attainment = prefill.attainment * decode.attainment
            return
        }
        let result = PoolCheck(
            trial(requests, profile), attainmentTarget: objective.attainmentTarget, requests: count
        ).result(rate: answer.rate, dispersion: answer.dispersion, answer: replicas, seed: seed)
        answer.least = result.replicas
        answer.attainment = result.answered.attainment
    }

    private func trial(_ lengths: Trace, _ profile: PerformanceProfile) -> PoolTrial {
        Self.trial(lengths, profile, objective, order)
    }

    private static func trial(
        _ lengths: Trace, _ profile: PerformanceProfile, _ objective: ServiceLevelObjective, _ order: DispatchOrder
    ) -> PoolTrial {
        var plant = SimulationOptions()
        plant.slo = objective
        plant.order = order
        return PoolTrial(lengths: lengths, profile: profile, plant: plant)
    }

    /// Microseconds of one question, the mean over many different ones.
    var callMicroseconds: Double {
        let calls = 10_000
        let largest = max(pool.rate(replicas: 512, dispersion: 1), 1e-9)
        var sum = 0
        let started = ContinuousClock.now
        for call in 1...calls {
            let share = Double(call) / Double(calls)
            sum += pool.replicas(rate: largest * share, dispersion: 1 + 8 * share) ?? 0
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        // The sum is used, so that nothing is left out.
        return sum >= 0 ? seconds / Double(calls) * 1e6 : 0
    }
}
