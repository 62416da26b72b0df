import Control
import Fleet
import Performance
import Testing

@testable import Policies

struct PerformanceLearnerTests {
    private let context = PolicyContext.example()

    /// Four replicas, ten sequences of 1,050 tokens on each; by the profile a token takes 14.14 + 10 x 0.0928 + 10,500 x
    /// 0.0001244 = 16.37 ms, in truth `factor` times that.
    private func samples(_ factor: Double, seconds: Int, in history: inout SampleHistory) {
        let last = history.count == 0 ? WorkloadSample(at: Instant(seconds: 0)) : history[history.count - 1]
        var sample = last
        for _ in 0..<seconds {
            sample.at = sample.at + .seconds(1)
            sample.decodeSeconds += 40
            sample.timedTokens += Int(40 / (factor * 16.3742e-3))
            // Contexts of 1,000 and half of 100 tokens.
            sample.finishedRequests += 18
            sample.finishedPromptTokens += 18_000
            sample.finishedOutputTokens += 1800
            sample.replicas = (0..<4).map {
                ReplicaSample(
                    id: ReplicaID($0), isReady: true, runningRequests: 10, waitingRequests: 0, decodingRequests: 10,
                    prefillQueuedTokens: 0, contextTokens: 10_500, reservedTokens: 12_000)
            }
            history.append(sample)
        }
    }

    private func slowness(_ learner: PerformanceLearner) -> Double {
        learner.slowness(of: context.profile, context.operatingPoint.shape, context.slo.limits)
    }

    private func learn(
        _ learner: inout PerformanceLearner, _ factor: Double, seconds: Int, in history: inout SampleHistory
    ) {
        for _ in 0..<(seconds / 10) {
            samples(factor, seconds: 10, in: &history)
            let newest = history[history.count - 1].at
            learner.learn(from: SampleView(history, through: newest), profile: context.profile)
        }
    }

    /// What a profile with all coefficients times `factor` carries less.
    private func expected(_ factor: Double) -> Double {
        var profile = context.profile
        profile.c0 *= factor
        profile.c1 *= factor
        profile.c2 *= factor
        profile.c3 *= factor
        profile.c4 *= factor
        let (shape, limits) = (context.operatingPoint.shape, context.slo.limits)
        return context.profile.fluidPoint(shape, limits: limits).rate / profile.fluidPoint(shape, limits: limits).rate
    }

    @Test func nothingMeasured_profileIsBelieved() {
        #expect(slowness(PerformanceLearner()) == 1)
    }

    @Test(arguments: [0.8, 1.0, 1.3]) func engineOfAnotherSpeed_isLearned(factor: Double) {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, factor, seconds: 300, in: &history)
        #expect(abs(slowness(learner) / expected(factor) - 1) < 0.01)
    }

    // What may be an error of measurement is not told to dispatch, and news are only what changed by more than 3 %.
    @Test func times_areToldOnceTheyAreSure() {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, 1.1, seconds: 300, in: &history)
        #expect(learner.times == .profiled)
        learn(&learner, 1.3, seconds: 600, in: &history)
        let told = learner.times
        #expect(abs(told.fixed - 1.3) < 0.04 && abs(told.sequences - 1.3) < 0.04 && abs(told.prefill - 1.3) < 0.08)
        learn(&learner, 1.31, seconds: 300, in: &history)
        #expect(learner.times == told)
        learn(&learner, 1, seconds: 1200, in: &history)
        #expect(learner.times == .profiled)
    }

    // 10 % is not told; once 20 % were, it is, and 4 % are not.
    @Test func times_nearWhatIsSure_areNotTakenBack() {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, 1.2, seconds: 600, in: &history)
        #expect(learner.times != .profiled)
        learn(&learner, 1.1, seconds: 1200, in: &history)
        #expect(abs(learner.times.fixed - 1.1) < 0.04)
        learn(&learner, 1.04, seconds: 1200, in: &history)
        #expect(learner.times == .profiled)
    }

    // Who reads that the engine is slower may correct the profile: the correction is not made twice.
    @Test func anotherProfile_isLearnedAboutAnew() {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, 1.3, seconds: 600, in: &history)
        let newest = history[history.count - 1].at
        learner.learn(
            from: SampleView(history, through: newest),
            profile: context.profile.timed(EngineTimes(fixed: 1.3, sequences: 1.3, prefill: 1.3)))
        #expect(learner.times == .profiled)
    }

    @Test func engineChanges_isLearnedWithinFiveMinutes() {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, 1.3, seconds: 1200, in: &history)
        learn(&learner, 1.7, seconds: 300, in: &history)
        #expect(abs(slowness(learner) / expected(1.7) - 1) < 0.05)
    }

    @Test func requestsThatDecodeAlone_areNotTakenForAFastEngine() {
        // On each of twenty replicas one request in four runs: prompts go to the others, and no token waits for prefill, which takes a
        // fifth of every replica's time (56 requests of 71 ms a second).
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        var sample = WorkloadSample(at: Instant(seconds: 0))
        for second in 1...600 {
            sample.at = Instant(seconds: Double(second))
            sample.arrivedRequests += 56
            sample.arrivedPromptTokens += 56_000
            sample.arrivedUncachedTokens += 56_000
            sample.decodeSeconds += 5
            sample.timedTokens += Int(5 / 14.37e-3)
            sample.finishedRequests += 56
            sample.finishedPromptTokens += 56_000
            sample.finishedOutputTokens += 400
            sample.runningRequests = 5
            sample.replicas = (0..<20).map {
                ReplicaSample(
                    id: ReplicaID($0), isReady: true, runningRequests: $0 < 5 ? 1 : 0, waitingRequests: 0,
                    decodingRequests: $0 < 5 ? 1 : 0, prefillQueuedTokens: 0, contextTokens: 1000, reservedTokens: 1100)
            }
            history.append(sample)
            learner.learn(from: SampleView(history, through: sample.at), profile: context.profile)
        }
        #expect(abs(slowness(learner) - 1) < 0.06)
    }

    @Test func countersBeginAnew_isNoMeasurement() {
        var (learner, history) = (PerformanceLearner(), SampleHistory())
        learn(&learner, 1.3, seconds: 300, in: &history)
        let before = slowness(learner)
        var fallen = WorkloadSample(at: history[history.count - 1].at + .seconds(60))
        fallen.timedTokens = 10
        history.append(fallen)
        learner.learn(from: SampleView(history, through: fallen.at), profile: context.profile)
        #expect(slowness(learner) == before)
    }

    @Test func slowEngine_policyOrdersMore() {
        var stage = PolicyStage(TidewayPolicy(context), desired: 8)
        stage.run(seconds: 1200) {
            $0.arrivedRequests += 32
            $0.arrivedPromptTokens += 32_000
            $0.arrivedUncachedTokens += 32_000
            $0.decodeSeconds += 40
            // 30 ms between tokens of five sequences on each of eight replicas: half as much by the profile, half prefill.
            $0.timedTokens += 1333
            $0.finishedRequests += 13
            $0.finishedPromptTokens += 13_000
            $0.finishedOutputTokens += 1300
            $0.runningRequests = 40
            $0.replicas = $0.replicas.map {
                var replica = $0
                replica.runningRequests = 5
                return replica
            }
        }
        #expect(stage.desired > 10)
    }
}
