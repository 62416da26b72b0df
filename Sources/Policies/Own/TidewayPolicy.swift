package import Control
package import Fleet
internal import Performance
internal import RealModule

/// Tideway's own policy: forecast over the start-up time with a measured error, capacity curve, head-room by the distribution
/// of surges, caution that follows the measured attainment, reactive guard, economic scale-down. `docs/policy.md` explains it.
///
/// Every 10 s; sees what has arrived, simulated 1 s after it was measured. Where starts are fast these times shrink
/// (`DecisionPace`). Knob: below 1 all is multiplied by it; above 1 it is a reserve to hold from the
/// beginning, in roots of steady replicas, beside what is planned.
package struct TidewayPolicy: ScalingPolicy {
    /// Between decisions, in seconds; shrunk, but never under a second.
    package static let tick = 10.0
    /// Looked ahead beyond the start-up, in seconds: decision, observation and dispatch take their time, however fast starts are.
    package static let extraHorizon = 30.0
    package static let extraHorizonMin = 2.0
    /// Margin on a forecast whose error is not known yet.
    package static let unknownMargin = 0.2
    /// Window of the present demand, in seconds.
    package static let presentWindow = 30.0
    /// The queue's work should be done within this time, in seconds; where the late are passed over, most of it is theirs.
    package static let clearingTime = 30.0
    package static let lateClearingTime = 60.0
    /// Absences after its first decision from which misses are its own: until then the fleet that it found is to blame.
    package static let settlingAbsences = 3.0
    /// How strongly caution lowers the share of late work that is planned for, and raises its price.
    package static let cautionExponent = 4.0
    /// How strongly a saving of 1 lowers all that is planned, as a logarithm.
    package static let savingExponent = 0.25
    /// Head-room is reckoned from this share of the mean of half an hour at least, where starts are fast: in a trough nobody needs
    /// more, as what ends it is met in time.
    static let fastFloor = 0.6
    /// Where answers only become slower, work that comes late is worth this share of what it is where requests queue.
    package static let slowerShare = 0.1

    package let name = "tideway"
    package let observationDelay = ObservationDelay.delivered(after: .seconds(1))
    let pace: DecisionPace
    let cadence: DecisionCadence
    let context: PolicyContext
    let settings: TidewaySettings
    let work: SteadyWork
    let curve: CapacityCurve
    /// All that it remembers.
    package var state: State

    /// What it has learned and must not forget in a restart.
    package struct State: Hashable, Sendable, Codable {
        var outlook: DemandOutlook
        var keeper: ReplicaKeeper
        var learner = PerformanceLearner()
        /// Keeps what surges needed.
        var surgeKeeper: ReplicaKeeper
        /// Keeps what was ordered in haste for as long as a start takes.
        var rushKeeper: ReplicaKeeper
        var surges: SurgeLedger
        var lulls: LullWatch
        var feedback: CautionFeedback
        /// Of its first decision.
        var began: Instant?
        /// The demand that was planned for last, in steady replicas.
        var planned = 0.0
        /// The most replicas that the last forecast expected one horizon ahead, where starts are fast.
        var foreseen = Int.max
        /// What the forecast alone asked for, as steady replicas, one horizon back: due next first.
        var plans: [Plan] = []
        /// The newest sample at its last decision, as numbers.
        var lastSample: [Double]?

        struct Plan: Hashable, Sendable, Codable {
            var due: Instant
            var capacity: Double
            /// The demand that was expected.
            var median: Double
        }
    }

    /// Its longest window is that of the trend, or of the requests that finished lately.
    package var memory: Duration? { .seconds(max(RecentLengths.window, RecentTrend.memory)) }

    package var engineTimes: EngineTimes { state.learner.times }

    /// - Parameters:
    ///   - context: gives operating point, objective and start-up time.
    ///   - settings: the defaults serve all traffic.
    package init(_ context: PolicyContext, settings: TidewaySettings = TidewaySettings()) {
        self.context = context
        self.settings = settings
        work = SteadyWork(context)
        curve = CapacityCurve(context.operatingPoint)
        pace = DecisionPace(startUp: context.startUpMedian)
        cadence = DecisionCadence(interval: .seconds(max(TidewayPolicy.tick * pace.windows, 1)))
        state = State(
            outlook: DemandOutlook(
                pace: pace, step: cadence.interval, horizon: TidewayPolicy.absence(context.startUpMedian, pace)),
            keeper: ReplicaKeeper(pace, penalty: settings.penalty),
            surgeKeeper: ReplicaKeeper(pace, penalty: settings.surgePenalty),
            rushKeeper: ReplicaKeeper(pace, penalty: 1),
            surges: SurgeLedger(
                memorySeconds: settings.surgeMemorySeconds, patience: work.patience(context.slo),
                passesLate: context.inTimeFirst),
            lulls: LullWatch(
                patience: settings.surgePenalty * TidewayPolicy.absence(context.startUpMedian, pace).seconds,
                surge: settings.surgeThreshold, feared: settings.fearedSurge),
            feedback: CautionFeedback(settings, missShare: 1 - context.slo.attainmentTarget))
    }

    package func nextDecision(after now: Instant, isFirst: Bool) -> Instant? { cadence.next(after: now) }

    package mutating func decide(_ input: PolicyInput) -> ScalingDecision {
        state.learner.learn(from: input.samples, profile: context.profile)
        let output = outputTokens(input.samples)
        let startUp = context.learnsStartUp ? input.startUp?.median : nil
        let absence = TidewayPolicy.absence(startUp ?? context.startUpMedian, pace)
        let late = pace.isFast ? input.startUp.map { $0.p95 - $0.median } ?? .zero : .zero
        guard let ahead = planned(input.samples, outputTokens: output, horizon: absence, late: late),
            let present = present(input.samples, outputTokens: output).map(pooled)
        else { return ScalingDecision(input.desired, .noData) }
        let forSurge = pooled(surge(input.samples, outputTokens: output))
        noteLull(input.samples, outputTokens: output)
        let feared = curve.replicas(for: fearedSurge * slowness)
        let now = max(present, forSurge, input.presentNeedMax, feared)
        let desired =
            neededUntilBack(absence, from: input.now).map { max(ahead, now, min($0, input.desired)) }
            ?? max(
                state.keeper.desired(
                    needed: max(ahead, present), foreseen: state.foreseen, at: input.now, absence: absence),
                state.surgeKeeper.desired(
                    needed: isBursty ? max(ahead, present, forSurge) : forSurge, at: input.now, absence: absence),
                state.rushKeeper.desired(needed: now, at: input.now, absence: absence))
        let reason = reason(desired: desired, ahead: ahead, now: now, current: input.desired)
        return ScalingDecision(desired, reason == .burst && now == feared ? .lull : reason)
    }

    package func presentNeed(_ input: PolicyInput) -> Int? {
        let output = outputTokens(input.samples)
        // A rate over a second or two is mostly chance: until the window is full the queue alone counts.
        guard input.samples.age >= presentWindow else {
            return input.samples.latest.map { pooled(waiting($0, outputTokens: output)) }
        }
        let surge = surge(input.samples, outputTokens: output)
        return present(input.samples, outputTokens: output).map { pooled(max($0, surge)) }
    }

    private func outputTokens(_ samples: SampleView) -> Double {
        RecentLengths(samples, fallback: context.operatingPoint.shape).outputTokens
    }

    /// Replicas for a demand that is to be carried within the objective.
    private func replicas(for demand: Double) -> Int { curve.replicas(for: demand * thrift * slowness) }

    /// The knob as far as it saves, and what misses that stay away for hours let save.
    private var thrift: Double {
        min(context.knob, 1) * Double.exp(-TidewayPolicy.savingExponent * state.feedback.saving)
    }

    /// Replicas not to give up, where the traffic to come is known; none is ordered for that.
    private func neededUntilBack(_ absence: Duration, from now: Instant) -> Int? {
        foreseenUntilBack(absence, from: now).map { max(replicas(for: $0.level), pooled($0.bursts)) }
    }

    /// By how much replicas carry less than their profile says. What may be an error of measurement counts as it is; only what is
    /// beyond it is believed to have brought the time between tokens to its limit.
    private var slowness: Double {
        let fluid = state.learner.slowness(of: context.profile, context.operatingPoint.shape, context.slo.limits)
        let sure = max(fluid / PerformanceLearner.error, min(fluid * PerformanceLearner.error, 1))
        return fluid * context.operatingPoint.slowness(fluid: sure) / sure
    }

    /// Replicas that keep up with a demand; chance evens out, or was seen.
    private func pooled(_ demand: Double) -> Int {
        Int(covering: demand * thrift * slowness / curve.largestShare)
    }

    private func reason(desired: Int, ahead: Int, now: Int, current: Int) -> PlanReason {
        if desired > max(ahead, now) { return .stabilised }
        if desired == current { return .steady }
        return now > ahead ? .burst : .forecast
    }

    /// From seeing a need until a replica that was ordered for it is of use.
    private static func absence(_ startUp: Duration, _ pace: DecisionPace) -> Duration {
        startUp + .seconds(max(extraHorizon * pace.windows, extraHorizonMin))
    }

    // MARK: What is to come

    /// The replicas to have ready one horizon from now; nil unless something new was measured. `late` is by how much starts may take
    /// longer than that.
    private mutating func planned(
        _ samples: SampleView, outputTokens: Double, horizon: Duration, late: Duration
    ) -> Int? {
        let last = state.lastSample.flatMap(WorkloadSample.init(numbers:))
        guard let latest = samples.latest, latest.at != last?.at else { return nil }
        defer { state.lastSample = latest.numbers }
        guard let earlier = last, let arrived = Demand(from: earlier, to: latest) else { return nil }
        state.outlook.append(work.replicas(for: arrived, outputTokens: outputTokens), at: latest.at)
        let began = state.began ?? latest.at
        state.began = began
        let answers = latest.at.seconds(since: began) >= TidewayPolicy.settlingAbsences * horizon.seconds
        learn(samples, from: earlier, to: latest, outputTokens: outputTokens, answersForMisses: answers)
        let caution = state.feedback.caution
        let quantile =
            settings.quantiles.lowerBound
            + caution * (settings.quantiles.upperBound - settings.quantiles.lowerBound)
        let due = latest.at + horizon
        let ahead =
            foreseenLevel(at: due)
            ?? state.outlook.ahead(horizon, quantile: quantile, upper: settings.quantiles.upperBound)
        state.planned = max(ahead.quantile ?? (1 + TidewayPolicy.unknownMargin) * ahead.median, 0)
        let rising = trend(samples, outputTokens: outputTokens, horizon: horizon, caution: caution)
        let youth = context.inTimeFirst ? 0 : TidewayPolicy.youth(latest.at.seconds(since: began))
        let smooth = max(
            replicas(for: state.planned + (1 - youth) * (rising?.beyondPlan ?? 0)),
            Int(covering: youth * (rising?.withMargin ?? 0) * thrift * slowness))
        if pace.isFast, let upper = ahead.upper { state.foreseen = replicas(for: max(upper, 0)) }
        state.plans.append(
            State.Plan(
                due: due + late, capacity: Double(smooth) * curve.largestShare / slowness,
                median: ahead.median))
        if let bursts = foreseenBursts(at: due) { return max(smooth, pooled(bursts)) }
        guard pace.holdsHeadRoom || context.knob > 1 else { return smooth }
        // Where starts are fast head-room must not raise the level above what caution planned for.
        let level = pace.isFast ? min(ahead.median, state.planned) : ahead.median
        return max(smooth, pooled(headRoom(over: expected(level), caution: caution)))
    }

    /// What the bursts and the lasting misses that were measured are worth holding over what is expected, in steady replicas.
    private func headRoom(over expected: Double, caution: Double) -> Double {
        let care = Double.exp(TidewayPolicy.cautionExponent * (caution - settings.caution))
        // Where starts are fast a miss is mended in seconds, and nothing is held against the next one.
        let lasting = pace.isFast ? 0 : state.feedback.reserve
        var reserves = [SurgeReserve(roots: max(context.knob - 1, 0) + lasting)]
        if pace.holdsHeadRoom { reserves.append(state.surges.least(lateShare: settings.surgeLateShare / care)) }
        if !pace.isFast {
            let worth = max(context.operatingPoint.queueingShare ?? 1, TidewayPolicy.slowerShare)
            reserves.append(state.surges.cheapest(value: settings.lateWorkValue * care * worth))
        }
        return reserves.reduce(expected) { max($0, $1.replicas(expected)) }
    }

    /// What head-room is reckoned from: the mean of the last half hour, so that surges do not seem larger after a lull, or the
    /// forecast if that is more. A surge that is foreseen is planned for as it is; none is feared on top of it.
    private func expected(_ foreseen: Double) -> Double {
        let lasting = state.outlook.longMean
        let least = pace.isFast ? TidewayPolicy.fastFloor * lasting : lasting
        return max(min(foreseen, settings.surgeThreshold * lasting), least, 1e-3)
    }

    // MARK: What came of it

    private mutating func learn(
        _ samples: SampleView, from earlier: WorkloadSample, to latest: WorkloadSample, outputTokens: Double,
        answersForMisses: Bool
    ) {
        let elapsed = latest.at.seconds(since: earlier.at)
        if answersForMisses, let good = latest.goodRequests, let before = earlier.goodRequests {
            state.feedback.append(
                left: latest.leftRequests - earlier.leftRequests, good: good - before, elapsed: elapsed,
                queueingShare: context.operatingPoint.queueingShare ?? 1,
                maySave: context.inTimeFirst && !pace.isFast)
        }
        while state.plans.count > 1, state.plans[1].due <= latest.at { state.plans.removeFirst() }
        let plan = state.plans.first.flatMap { $0.due <= latest.at ? $0 : nil }
        let expected = expected(plan?.median ?? state.outlook.level)
        var previous = earlier
        samples.forEach(over: elapsed) { sample in
            defer { previous = sample }
            guard let arrived = Demand(from: previous, to: sample) else { return }
            let seconds = sample.at.seconds(since: previous.at)
            state.surges.append(
                SurgeLedger.Arrival(
                    work: work.replicas(for: arrived, outputTokens: outputTokens) * seconds, seconds: seconds,
                    expected: expected, planned: plan?.capacity ?? 0))
        }
    }
}
