internal import Control
internal import Fleet
internal import Performance

/// Learns from the time between tokens how fast replicas really are, and says what that means for their capacity.
///
/// Of a fluid of requests one replica's tokens follow each other by `c0 + n (c1 + c2 ctx)`, stretched by the share of time that
/// prefill takes. All of it is known from what gateway and simulator count alike:
/// - `n`, the batch that a token sees, itself among it: the time that requests decoded over the time that replicas served
///   (Little's law), times `E[r^2] / E[r]^2` of their running requests, as a fuller replica makes more tokens;
/// - `ctx`: prompts and half of the outputs of what finished;
/// - prefill's share: the work that arrived each second, each second counting as often as requests ran in it: bursts of
///   prompts meet more of those who decode than the mean says. And those who decode alone meet less, as the router sends
///   prompts to replicas that have nothing to do: of `c` replicas with `n` requests each, they meet the share
///   `1/c + (1 - 1/c) n^2 / (n^2 + crowd^2)`.
struct PerformanceLearner: Hashable, Sendable, Codable {
    /// Between two measurements, in seconds, and the tokens that make one.
    static let interval = 60.0
    static let tokensMin = 300
    /// A measurement over a longer time is none, in seconds: the policy looks back no further.
    static let intervalMax = 240.0
    /// Requests on a replica from which those who decode there meet most prompts that come to it; so that an engine which is as its
    /// profile says seems to be so on code, simulated on 8b-a100 and 70b-h100x4.
    static let crowd = 0.8
    /// Factor by which what is learned may be wrong.
    static let error = 1.06
    /// Dispatch is told of more than this: less is as often the learner's error, where bursts are sparse, and pacing by that costs more
    /// than it gains.
    static let sure = 1.12
    /// What changes by less is no news to dispatch, as a factor.
    static let news = 1.03

    /// What dispatch may go by.
    private(set) var times = EngineTimes.profiled
    /// The coefficients of the profile that it learned about.
    private var coefficients: [Double]?
    private var filter = CoefficientFilter()
    /// The newest sample of the last measurement, as numbers.
    private var last: [Double]?
    /// What was seen since then.
    private var fleet = ServingFleet()

    /// Looks at the newest sample, and measures once there is enough since the last time. What was learned about another profile is
    /// forgotten: it may have been corrected by that.
    ///
    /// - Parameters:
    ///   - samples: all that may be seen.
    ///   - profile: as it was given.
    mutating func learn(from samples: SampleView, profile: PerformanceProfile) {
        guard let latest = samples.latest else { return }
        if coefficients != profile.coefficients {
            self = PerformanceLearner()
            coefficients = profile.coefficients
        }
        guard let earlier = last.flatMap(WorkloadSample.init(numbers:)), latest.timedTokens >= earlier.timedTokens
        else { return begin(at: latest) }
        fleet.add(latest)
        let elapsed = latest.at.seconds(since: earlier.at)
        let tokens = latest.timedTokens - earlier.timedTokens
        guard elapsed <= PerformanceLearner.intervalMax else { return begin(at: latest) }
        guard elapsed >= PerformanceLearner.interval, tokens >= PerformanceLearner.tokensMin else { return }
        let measured = (latest.decodeSeconds - earlier.decodeSeconds) / Double(tokens)
        let finished = Double(latest.finishedRequests - earlier.finishedRequests)
        if finished > 0, fleet.replicas > 0 {
            let prompts = Double(latest.finishedPromptTokens - earlier.finishedPromptTokens)
            let outputs = Double(latest.finishedOutputTokens - earlier.finishedOutputTokens)
            let batch = (latest.decodeSeconds - earlier.decodeSeconds) / elapsed / fleet.replicas * fleet.unevenness
            let work = prefillWork(samples, over: elapsed, profile) / fleet.replicas
            let context = (prompts + outputs / 2) / finished
            let iteration = profile.iterationSeconds(sequences: batch, contextTokens: batch * context)
            let parts = CoefficientFilter.Parts(
                fixed: profile.c0, sequences: iteration - profile.c0, prefill: measured * min(work, 1))
            filter.append(measured, parts: parts, elapsed: elapsed)
            tell()
        }
        begin(at: latest)
    }

    private mutating func begin(at sample: WorkloadSample) {
        last = sample.numbers
        fleet = ServingFleet()
    }

    /// Seconds of prefill that arrive per second, as those see it who run.
    private func prefillWork(_ samples: SampleView, over window: Double, _ profile: PerformanceProfile) -> Double {
        var (work, weight) = (0.0, 0.0)
        var earlier: WorkloadSample?
        samples.forEach(over: window) { sample in
            defer { earlier = sample }
            guard let before = earlier, let demand = Demand(from: before, to: sample) else { return }
            let seen = Double(sample.runningRequests) * sample.at.seconds(since: before.at)
            work +=
                seen * Self.met(sample)
                * (profile.c3 * demand.uncachedTokensPerSecond + profile.c4 * demand.requestsPerSecond)
            weight += seen
        }
        return weight > 0 ? work / weight : 0
    }

    /// Share of a replica's prefill that those who decode there meet.
    private static func met(_ sample: WorkloadSample) -> Double {
        let replicas = Double(max(sample.servingReplicas, 1))
        let requests = Double(sample.runningRequests) / replicas
        let crowded = requests * requests / (requests * requests + crowd * crowd)
        return 1 / replicas + (1 - 1 / replicas) * crowded
    }

    /// Tells what was learned once it is sure and until it is no more than an error, and again when it has changed.
    private mutating func tell() {
        let isSure = filter.times.differ(from: .profiled, by: times == .profiled ? Self.sure : Self.error)
        let known = isSure ? filter.times : .profiled
        if known.differ(from: times, by: Self.news) { times = known }
    }

    /// By how much one replica carries less than its profile says, as a factor on demand; 1 where nothing is known.
    func slowness(
        of profile: PerformanceProfile, _ shape: RequestShape, _ limits: ServiceLevelObjective.Limits
    ) -> Double {
        let real = profile.timed(filter.times).fluidPoint(shape, limits: limits).rate
        let expected = profile.fluidPoint(shape, limits: limits).rate
        guard expected > 0 else { return 1 }
        let (low, high) = (CoefficientFilter.range.lowerBound, CoefficientFilter.range.upperBound)
        return real > 0 ? min(max(expected / real, low), high) : high
    }
}

/// The replicas that served, over some samples.
private struct ServingFleet: Hashable, Sendable, Codable {
    private var samples = 0.0
    private var serving = 0.0
    private var running = 0.0
    private var squares = 0.0

    mutating func add(_ sample: WorkloadSample) {
        samples += 1
        for replica in sample.replicas {
            let requests = Double(replica.runningRequests)
            serving += 1
            running += requests
            squares += requests * requests
        }
    }

    /// On average.
    var replicas: Double { samples > 0 ? serving / samples : 0 }

    /// Mean of the squares of running requests over the square of their mean: 1 where all replicas are always equally full.
    var unevenness: Double { running > 0 ? squares * serving / (running * running) : 1 }
}

extension PerformanceProfile {
    fileprivate var coefficients: [Double] { [c0, c1, c2, c3, c4, c6] }
}
