import Fleet
import Performance
import Testing

@testable import Emulator

@Suite struct EmulatedEngineTests {
    private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-6 }

    @Test func request_alone_tokensComeAtTheProfilesTimes() throws {
        let run = EngineRun(.round())
        run.tell(.request(1, EngineRequest(promptTokens: 80, outputTokens: 6)), at: 1)
        run.run()
        // 80 ms and 20 ms of prefill, then 11 ms a token.
        let times = run.tokenTimes(1)
        try #require(times.count == 6)
        for (index, time) in times.enumerated() { #expect(isNear(time, 1.1 + 0.011 * Double(index))) }
        let end = try #require(run.finish(1))
        #expect(isNear(end.time, 1.155))
        #expect(end.reason == .length)
        #expect(end.usage == EngineUsage(promptTokens: 80, cachedTokens: 0, outputTokens: 6))
        #expect(run.engine.nextTime == nil)
        #expect(run.engine.requestCount == 0)
    }

    @Test func requests_sideBySide_shareOneTimerPerIteration() throws {
        let run = EngineRun(.round())
        for id in UInt32(1)...20 { run.tell(.request(id, EngineRequest(promptTokens: 10, outputTokens: 200)), at: 0) }
        run.run()
        for id in UInt32(1)...20 {
            let times = run.tokenTimes(id)
            try #require(times.count == 200)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
        }
        // 20 first tokens, 20 ends, and an iteration each for the rest; not 20 x 200.
        #expect(run.timerCount < 20 + 20 + 250)
    }

    @Test func requests_sameAsTheReplicaModel_endAtTheSameTimes() throws {
        let options = EmulatorOptions.round(maxBatch: 4, kvTokens: 700)
        var replica = BatchingReplica(profile: options.profile, time: 0)
        let run = EngineRun(options)
        var expected: [UInt32: (first: Double, end: Double)] = [:]
        func step(_ replica: inout BatchingReplica) {
            let time = replica.nextTime
            switch replica.step() {
            case .firstToken(let sequence, _): expected[sequence.id] = (time, time)
            case .preempted, .resumed: Issue.record("memory is reserved")
            case .finished(let sequence): expected[sequence.id]?.end = time
            }
        }
        for id in UInt32(1)...30 {
            let arrival = Double(id) * 0.013
            let (prompt, output) = (20 + Int(id) * 37 % 150, 1 + Int(id) * 11 % 40)
            while replica.nextTime <= arrival { step(&replica) }
            replica.submit(
                BatchingReplica.Sequence(
                    id: id, promptTokens: UInt32(prompt), uncachedTokens: UInt32(prompt),
                    outputTokens: UInt32(output), arrival: arrival), at: arrival)
            run.tell(.request(id, EngineRequest(promptTokens: prompt, outputTokens: output)), at: arrival)
        }
        while replica.nextTime < .infinity { step(&replica) }
        run.run()
        for id in UInt32(1)...30 {
            let model = try #require(expected[id])
            #expect(isNear(try #require(run.tokenTimes(id).first), model.first))
            #expect(isNear(try #require(run.finish(id)).time, model.end))
        }
    }

    @Test func speed_andSlowFault_changeAllTimes() throws {
        var options = EmulatorOptions.round()
        options.speed = 10
        options.faults.slowFactor = 2
        let run = EngineRun(options)
        run.tell(.request(1, EngineRequest(promptTokens: 80, outputTokens: 6)), at: 0)
        run.run()
        #expect(isNear(try #require(run.finish(1)).time, 0.155 / 5))
    }

    @Test func cachedTokens_areNotPrefilled() throws {
        let run = EngineRun(.round())
        var request = EngineRequest(promptTokens: 80, outputTokens: 1)
        request.cachedTokens = 50
        run.tell(.request(1, request), at: 0)
        run.run()
        let end = try #require(run.finish(1))
        #expect(isNear(end.time, 0.05))
        #expect(end.usage.cachedTokens == 50)
    }

    @Test func request_beyondTheBatch_waitsInsideAndCounts() throws {
        let run = EngineRun(.round(maxBatch: 2))
        for id in UInt32(1)...3 { run.tell(.request(id, EngineRequest(promptTokens: 80, outputTokens: 100)), at: 0) }
        let load = run.engine.load(at: Instant(seconds: 0))
        #expect(load == EngineLoad(runningCount: 2, waitingCount: 1, kvShare: 0.036))
        run.run()
        let first = try #require(run.finish(1)).time
        #expect(try #require(run.tokenTimes(3).first) > first)
    }

    @Test func departure_ofAWaitingOrRunningRequest_freesItsPlace() {
        let run = EngineRun(.round(maxBatch: 1))
        for id in UInt32(1)...3 { run.tell(.request(id, EngineRequest(promptTokens: 80, outputTokens: 100)), at: 0) }
        run.tell(.departure(2), at: 0.05)
        run.tell(.departure(1), at: 0.3)
        run.tell(.departure(77), at: 0.3)
        #expect(run.engine.load(at: Instant(seconds: 0.3)).runningCount == 1)
        run.run()
        #expect(run.finish(1) == nil)
        #expect(run.finish(2) == nil)
        #expect(isNear(run.tokenTimes(3).first ?? 0, 0.4))
        #expect(run.metricsPage(at: 9).contains("finished_reason=\"abort\"} 2.0"))
    }

    // MARK: Lengths

    @Test func length_notStated_isTheMedianAndEndsByItself() throws {
        let run = EngineRun(.round())
        run.tell(.request(1, EngineRequest(promptTokens: 8)), at: 0)
        run.run()
        let end = try #require(run.finish(1))
        #expect(end.usage.outputTokens == 128)
        #expect(end.reason == .stop)
    }

    @Test func length_drawn_variesAndRepeatsWithTheSeed() throws {
        func lengths(seed: UInt64) -> [Int] {
            var options = EmulatorOptions.round()
            options.outputLength.sigma = 1
            options.seed = seed
            let run = EngineRun(options)
            for id in UInt32(1)...20 { run.tell(.request(id, EngineRequest(promptTokens: 8)), at: 0) }
            run.run()
            return (UInt32(1)...20).compactMap { run.finish($0)?.usage.outputTokens }
        }
        #expect(lengths(seed: 1) == lengths(seed: 1))
        #expect(lengths(seed: 1) != lengths(seed: 2))
        #expect(Set(lengths(seed: 1)).count > 10)
    }

    @Test func length_endIgnored_fillsTheContext() throws {
        var options = EmulatorOptions.round()
        options.contextLimit = 300
        let run = EngineRun(options)
        var request = EngineRequest(promptTokens: 100)
        request.ignoresEnd = true
        run.tell(.request(1, request), at: 0)
        run.run()
        #expect(try #require(run.finish(1)).usage.outputTokens == 200)
    }

    @Test(arguments: [(300, nil), (301, nil), (200, 101), (1, 300)] as [(Int, Int?)])
    func request_beyondTheContext_isRefused(prompt: Int, output: Int?) {
        var options = EmulatorOptions.round()
        options.contextLimit = 300
        let run = EngineRun(options)
        run.tell(.request(1, EngineRequest(promptTokens: prompt, outputTokens: output)), at: 0)
        #expect(run.refusal(1)?.code == "context_length_exceeded")
        #expect(run.refusal(1)?.status == 400)
        #expect(run.engine.requestCount == 0)
    }

    // MARK: Loading, draining, faults

    @Test func request_whileLoading_isRefused() {
        var options = EmulatorOptions.round()
        options.loadDelay = .seconds(5)
        let run = EngineRun(options)
        run.tell(.request(1, EngineRequest(promptTokens: 8)), at: 4.99)
        run.tell(.request(2, EngineRequest(promptTokens: 8)), at: 5)
        run.run()
        #expect(run.refusal(1) == .loading)
        #expect(run.finish(2) != nil)
    }

    @Test func drain_withRequests_finishesThemAndTakesNoOther() {
        let run = EngineRun(.round())
        run.tell(.request(1, EngineRequest(promptTokens: 8, outputTokens: 10)), at: 0)
        run.tell(.drain, at: 0.01)
        run.tell(.request(2, EngineRequest(promptTokens: 8)), at: 0.02)
        #expect(run.refusal(2) == .draining)
        #expect(!run.notes.contains { $0.directive == .drained })
        run.run()
        #expect(run.finish(1) != nil)
        #expect(run.notes.last?.directive == .drained)
    }

    @Test func drain_idle_isOverAtOnce() {
        let run = EngineRun(.round())
        run.tell(.drain, at: 1)
        #expect(run.notes.map(\.directive) == [.drained])
    }

    @Test func crashAfter_count_crashesAtTheNextRequest() {
        var options = EmulatorOptions.round()
        options.faults.crashAfter = 2
        let run = EngineRun(options)
        for id in UInt32(1)...2 { run.tell(.request(id, EngineRequest(promptTokens: 8)), at: 0) }
        #expect(run.notes.isEmpty)
        run.tell(.request(3, EngineRequest(promptTokens: 8)), at: 0)
        #expect(run.notes.map(\.directive) == [.crash])
    }

    @Test func hangAfter_count_nothingGoesOn() {
        var options = EmulatorOptions.round()
        options.faults.hangAfter = 1
        let run = EngineRun(options)
        run.tell(.request(1, EngineRequest(promptTokens: 8)), at: 0)
        run.tell(.request(2, EngineRequest(promptTokens: 8)), at: 0.001)
        #expect(run.engine.nextTime == nil)
        let isHung = run.engine.isHung
        #expect(isHung)
        run.tell(.timer, at: 100)
        #expect(run.notes.isEmpty)
    }

    @Test func errorRate_share_isRefusedWith500() {
        var options = EmulatorOptions.round()
        options.faults.errorRate = 0.3
        let run = EngineRun(options)
        for id in UInt32(1)...1000 {
            run.tell(.request(id, EngineRequest(promptTokens: 1, outputTokens: 1)), at: Double(id))
        }
        run.run()
        let refused = (UInt32(1)...1000).filter { run.refusal($0) == .fault }.count
        #expect((240...360).contains(refused))
        #expect(run.metricsPage(at: 2000).contains("finished_reason=\"error\"} \(refused).0"))
    }

    @Test func request_pastTheLimit_isRefused() {
        var options = EmulatorOptions.round()
        options.limits.requests = 2
        let run = EngineRun(options)
        for id in UInt32(1)...3 { run.tell(.request(id, EngineRequest(promptTokens: 8)), at: 0) }
        #expect(run.refusal(3) == .overloaded)
    }

    // MARK: Metrics

    @Test func metrics_afterRequests_countExactly() {
        let run = EngineRun(.round(maxBatch: 1))
        // The second waits 155 ms for the first, and has its first token 100 ms after.
        for id in UInt32(1)...2 { run.tell(.request(id, EngineRequest(promptTokens: 80, outputTokens: 6)), at: 0) }
        run.run()
        let page = run.metricsPage(at: 1)
        let labels = "model_name=\"m\",engine=\"0\""
        for line in [
            "vllm:prompt_tokens_total{\(labels)} 160.0", "vllm:generation_tokens_total{\(labels)} 12.0",
            "vllm:request_success_total{\(labels),finished_reason=\"length\"} 2.0",
            "vllm:time_to_first_token_seconds_bucket{\(labels),le=\"0.25\"} 1.0",
            "vllm:time_to_first_token_seconds_bucket{\(labels),le=\"0.5\"} 2.0",
            "vllm:inter_token_latency_seconds_bucket{\(labels),le=\"0.01\"} 0.0",
            "vllm:inter_token_latency_seconds_bucket{\(labels),le=\"0.025\"} 10.0",
            "vllm:e2e_request_latency_seconds_bucket{\(labels),le=\"0.3\"} 1.0",
            "vllm:e2e_request_latency_seconds_count{\(labels)} 2.0",
            "vllm:request_queue_time_seconds_sum{\(labels)} 0.155",
            "vllm:num_requests_running{\(labels)} 0.0", "vllm:kv_cache_usage_perc{\(labels)} 0.0",
        ] {
            #expect(page.contains(line), "\(line)")
        }
    }
}
