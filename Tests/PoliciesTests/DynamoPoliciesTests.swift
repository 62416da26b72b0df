import Control
import Fleet
import Forecasting
import Performance
import Testing

@testable import Policies

struct DynamoPoliciesTests {
    /// Arrivals with prompts of 1,000 tokens.
    private func arrive(_ count: Int, _ sample: inout WorkloadSample) {
        sample.arrivedRequests += count
        sample.arrivedPromptTokens += count * 1000
        sample.arrivedUncachedTokens += count * 1000
    }

    // MARK: Throughput mode

    // One engine: ctx = 1000 + 51 = 1051, w = 0.0711, per token 92.8e-6 + 124.4e-9 x 1051 = 223.5e-6;
    // rate = (0.05 - 0.01414) / (0.05 x 0.0711 + 0.05 x 100 x 223.5e-6) = 0.03586/0.0046727 = 7.674/s.
    // 10 requests/s: ceil(1.303) = 2; 20: ceil(2.606) = 3, one interval later.
    @Test func throughput_constant_plansTheLastInterval() {
        expect(
            DynamoThroughputPolicy(.example(), intervalSeconds: 60, followsTrend: false), from: 1, step: 75,
            load: "10 20 20 20", replicas: "2 2 3 3"
        ) { arrive($1, &$0) }
    }

    @Test func throughput_knob_dividesTheEnginesRate() {
        // 10 x 2 / 7.674 = 2.6: 3.
        expect(
            DynamoThroughputPolicy(.example(knob: 2), intervalSeconds: 60, followsTrend: false), from: 1, step: 60,
            load: "10", replicas: "3"
        ) { arrive($1, &$0) }
    }

    // Outputs of finished requests count once there are any: 1 token. rate = min(0.03586/(0.05 x 0.0711) = 10.09,
    // 1/0.0711 = 14.06) = 10.09/s, so 10/s fit in one.
    @Test func throughput_lengthsChange_engineRateFollows() {
        expect(
            DynamoThroughputPolicy(.example(), intervalSeconds: 60, followsTrend: false), from: 1, step: 60,
            load: "10", replicas: "1"
        ) {
            arrive($1, &$0)
            $0.finishedRequests += $1
            $0.finishedPromptTokens += $1 * 1000
            $0.finishedUncachedTokens += $1 * 1000
            $0.finishedOutputTokens += $1
        }
    }

    @Test func throughput_promptAloneIsTooLong_addsReplicas() {
        // 40,000 uncached tokens take 2.532 s alone against 2 s (a long prompt): ceil(1.27) = 2.
        var context = PolicyContext.example()
        context.operatingPoint.shape = RequestShape(promptTokens: 40_000, outputTokens: 1)
        expect(
            DynamoThroughputPolicy(context, intervalSeconds: 60, followsTrend: false), from: 1, step: 600, load: "0",
            replicas: "2"
        ) { arrive($0.at.seconds == 1 ? 1 : $1, &$0) }
    }

    @Test func throughput_kalman_isBelievedFromFivePoints() {
        // Counts per 60 s seen at 60, 120, ...: 100 more each minute. The last value lags; the trend, from the fifth point
        // on, is ahead of it.
        var constant = DynamoThroughputRule(.example(), interval: .seconds(60), predictor: .constant)
        var kalman = DynamoThroughputRule(.example(), interval: .seconds(60), predictor: .kalman)
        var history = SampleHistory()
        var arrived = 0
        history.append(WorkloadSample(at: Instant(seconds: 0)))
        var fleets: [[Int?]] = []
        for minute in 1...6 {
            arrived += minute * 1000
            var sample = WorkloadSample(at: Instant(seconds: Double(minute * 60)))
            sample.arrivedRequests = arrived
            sample.arrivedPromptTokens = arrived * 1000
            sample.arrivedUncachedTokens = arrived * 1000
            history.append(sample)
            let view = SampleView(history, through: sample.at)
            fleets.append([constant.replicas(view), kalman.replicas(view)])
        }
        // 1000/60/7.674 = 2.17 per step: 3, 5, 7, 9, 11, 14. The filter is at 6000 at the fifth: 13.03.
        #expect(fleets.map { $0[0] } == [3, 5, 7, 9, 11, 14])
        #expect(fleets.map { $0[1] } == [3, 5, 7, 9, 14, 16])
    }

    // MARK: Load mode

    private let rule = DynamoLoadRule(.example())

    private func view(_ replicas: [ReplicaSample], queuedTokens: Int = 0) -> SampleView {
        var history = SampleHistory()
        var sample = WorkloadSample(at: Instant(seconds: 1))
        sample.replicas = replicas
        sample.queuedUncachedTokens = queuedTokens
        history.append(sample)
        return SampleView(history, through: sample.at)
    }

    private func engine(_ number: Int, decoding: Int, context: Int, queued: Int = 0) -> ReplicaSample {
        var sample = ReplicaSample.idle(number)
        sample.decodingRequests = decoding
        sample.contextTokens = context
        sample.prefillQueuedTokens = queued
        return sample
    }

    @Test func estimates_followTheProfile() {
        // 100 decode over 100,000 tokens: 14.14 + 9.28 + 12.44 = 35.86 ms; one more of 1,000 tokens adds 0.0928 + 0.1244 ms;
        // with 9 ms of prefill in a mean iteration 45.0772 ms.
        // Prompt of 1,000 behind 4,120: 5,120 x 63.1 us + 8 ms + 10 iterations x 35.86 ms = 689.67 ms.
        var engine = DynamoLoadRule.Engine(
            decoding: 100, contextTokens: 100_000, queuedTokens: 4120, prefillSeconds: 0.009)
        #expect(abs(rule.interTokenSeconds(engine) - 0.0450772) < 1e-9)
        #expect(abs(rule.ttft(engine, own: 1000) - 0.689672) < 1e-9)
        // One token more takes an eleventh iteration: 5,121 x 63.1 us + 8 ms + 11 x 35.86 ms = 725.60 ms.
        engine.queuedTokens = 4121
        #expect(abs(rule.ttft(engine, own: 1000) - 0.7255951) < 1e-9)
        // Nothing decodes: 5,120 x 63.1 us + 8 ms = 331.07 ms.
        let idle = DynamoLoadRule.Engine(decoding: 0, contextTokens: 0, queuedTokens: 4120, prefillSeconds: 0)
        #expect(abs(rule.ttft(idle, own: 1000) - 0.331072) < 1e-9)
    }

    @Test func step_allEnginesMissTheInterTokenObjective_isUp() {
        // 200 over 150,000: 14.14 + 18.56 + 18.66 = 51.36 ms > 50 ms.
        let slow = engine(0, decoding: 200, context: 150_000)
        #expect(rule.step(view([slow, slow]), engineCount: 2) == 1)
        // The trap: one engine that copes is enough to stay.
        #expect(rule.step(view([slow, slow, engine(1, decoding: 10, context: 10_000)]), engineCount: 3) == 0)
    }

    @Test func step_centralQueue_countsInEachEnginesTTFT() {
        // 2 engines that do not decode; 40,000 queued tokens are 20,000 each: 21,000 x 63.1 us + 8 ms = 1.33 s > 1 s.
        let idle = engine(0, decoding: 0, context: 0)
        #expect(rule.step(view([idle, idle], queuedTokens: 40_000), engineCount: 2) == 1)
    }

    @Test func step_survivorsWouldKeep80Percent_isDown() {
        // 60 over 60,000 on each of 2: with twice that 14.14 + 11.14 + 14.93 = 40.2 ms >= 40 ms: stay.
        // 50 over 50,000: 14.14 + 9.28 + 12.44 = 35.9 ms < 40 ms: down.
        let full = engine(0, decoding: 60, context: 60_000)
        let light = engine(0, decoding: 50, context: 50_000)
        #expect(rule.step(view([full, full]), engineCount: 2) == 0)
        #expect(rule.step(view([light, light]), engineCount: 2) == -1)
        #expect(rule.step(view([light]), engineCount: 1) == 0)
    }

    // 50 over 50,000 on each of 2: 25.0 ms. 17 prompts of 1,000 in 5 s are 17 x 71.1 ms / 5 s / 2 = 12.09 % of an engine's time, so
    // 3.44 ms of a mean iteration are prefill. With twice the load 36.08 + 3.44 = 39.5 ms < 40 ms: down. Were prefill
    // doubled too, 36.08 + 6.9 = 43 ms would hold it.
    @Test func step_down_leavesThePrefillOfAnIterationAsItIs() {
        var history = SampleHistory()
        history.append(WorkloadSample(at: Instant(seconds: 0)))
        var sample = WorkloadSample(at: Instant(seconds: 5))
        arrive(17, &sample)
        sample.replicas = [engine(0, decoding: 50, context: 50_000), engine(1, decoding: 50, context: 50_000)]
        history.append(sample)
        #expect(rule.step(SampleView(history, through: sample.at), engineCount: 2) == -1)
        // 24 prompts: 17.06 %, 5.14 ms: 41.2 ms.
        arrive(7, &sample)
        var busier = SampleHistory()
        busier.append(WorkloadSample(at: Instant(seconds: 0)))
        busier.append(sample)
        #expect(rule.step(SampleView(busier, through: sample.at), engineCount: 2) == 0)
    }

    // 58 over 58,000 on each of 2: with twice that 14.14 + 10.77 + 14.43 + 0.22 = 39.6 ms: down. 2,000 queued tokens each are
    // 4,000 of context for the survivor, four requests more: 40.4 ms: stay.
    @Test func step_down_queuedPromptsCountAsContext() {
        let empty = engine(0, decoding: 58, context: 58_000)
        let queued = engine(0, decoding: 58, context: 58_000, queued: 2000)
        #expect(rule.step(view([empty, empty]), engineCount: 2) == -1)
        #expect(rule.step(view([queued, queued]), engineCount: 2) == 0)
    }

    @Test func step_knob_tightensTheObjectives() {
        // 35.9 ms against 50/1.5 = 33.3 ms.
        let light = engine(0, decoding: 100, context: 100_000)
        #expect(DynamoLoadRule(.example(knob: 1.5)).step(view([light]), engineCount: 1) == 1)
    }

    @Test func load_whileAReplicaStarts_holds() {
        // +1 per 5 s tick at most, and none while the last one loads (20 s).
        expect(
            DynamoLoadPolicy(.example(), withThroughput: false), from: 1, step: 5, startUpSeconds: 20,
            load: "0 0 0 0 0 0 0", replicas: "2 2 2 2 3 3 3"
        ) { sample, _ in
            for index in sample.replicas.indices {
                sample.replicas[index].decodingRequests = 200
                sample.replicas[index].contextTokens = 150_000
            }
        }
    }

    @Test func both_throughputBound_liftsAtOnceAndStopsTheWayDown() {
        // 40 requests/s / 7.674 = 5.21: 6 from the first plan at 180 s on, though idle engines let the load mode go down.
        var stage = PolicyStage(DynamoLoadPolicy(.example(), withThroughput: true), desired: 3)
        stage.run(seconds: 179) { arrive(40, &$0) }
        #expect(stage.desired == 1)
        stage.run(seconds: 1) { arrive(40, &$0) }
        #expect(stage.desired == 6)
        stage.run(seconds: 100) { arrive(40, &$0) }
        #expect(stage.desired == 6)
    }
}
