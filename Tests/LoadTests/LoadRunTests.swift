import Fleet
import Foundation
import NIOCore
import Synchronization
import Testing
import Traces

@testable import Load

/// A trace of equal requests.
func trace(_ arrivals: [Double], promptTokens: UInt32 = 8, outputTokens: UInt32 = 3) -> Trace {
    var builder = TraceBuilder()
    for arrival in arrivals {
        let row = RequestRow(arrival: arrival, promptTokens: promptTokens, outputTokens: outputTokens)
        builder.append(TraceBuilder.Request(row: row))
    }
    return builder.finish(name: "test")
}

func plan(_ server: StubServer, _ traces: [String: Trace], path: String = "/v1/completions") throws -> LoadPlan {
    let workloads = traces.sorted { $0.key < $1.key }.map {
        LoadWorkload(model: $0.key, trace: $0.value, objective: .reference)
    }
    return LoadPlan(target: try LoadTarget(url: server.url, path: path), workloads: workloads)
}

struct LoadRunTests {
    @Test func run_wholeStreams_areCountedAndGood() async throws {
        let server = try await StubServer.start { _ in .tokens(3) }
        var plan = try plan(server, ["m": trace([0, 0.01, 0.02])])
        plan.workloads[0].objective = ServiceLevelObjective(limits: .tokens(ttft: .seconds(60), itl: .seconds(60)))
        let report = try await LoadRun(plan).run()
        let workload = report.workloads[0]
        #expect(workload.outcomes == ["answered": 3])
        #expect((workload.offered, workload.finished, workload.good) == (3, 3, 3))
        #expect((workload.promptTokens, workload.outputTokens, workload.shortAnswers) == (24, 9, 0))
        #expect(workload.ttft.count == 3)
        #expect(report.wasStopped == false)
    }

    /// The server answers nothing for 0.5 s after the first request. Request k is due k x 10 ms after it, so it waits for
    /// at least 0.5 s - k x 10 ms, on whatever machine; a closed loop would have seen one slow request and 49 quick ones.
    @Test func run_stalledServer_latencyCountsFromWhenDue() async throws {
        let opens = Mutex<NIODeadline?>(nil)
        let server = try await StubServer.start { _ in
            let open = opens.withLock { opens in
                opens = opens ?? .now() + .milliseconds(500)
                return opens ?? .now()
            }
            return .tokens(3, after: max(open - .now(), .zero))
        }
        let report = try await LoadRun(try plan(server, ["m": trace((0..<50).map { Double($0) * 0.01 })])).run()
        let latency = report.workloads[0].latency
        #expect(latency.count == 50)
        #expect((latency.p50 ?? 0) > 0.24)
        #expect((latency.p90 ?? 0) > 0.44)
        #expect((latency.max ?? 0) > 0.495)
        #expect(report.inFlightMax > 30)
        #expect(report.connections > 30)
    }

    @Test func run_eachKindOfFailure_isCountedApart() async throws {
        let server = try await StubServer.start { request in
            if request.asks(for: "busy") { return .json("{}", status: "503 Service Unavailable") }
            if request.asks(for: "closed") { return .pieces([], thenCloses: true) }
            if request.asks(for: "cut") { return .events("data: {\"choices\":[{\"text\":\"x\"}]}\n\n", isCut: true) }
            if request.asks(for: "unended") { return .events("data: {\"choices\":[{\"text\":\"x\"}]}\n\n") }
            if request.asks(for: "noise") { return .pieces(["this is not HTTP\r\n\r\n"]) }
            if request.asks(for: "empty") { return .events("data: [DONE]\n\n") }
            if request.asks(for: "error") { return .events("data: {\"error\":{\"code\":500}}\n\ndata: [DONE]\n\n") }
            return .tokens(2)
        }
        let expected = [
            "busy": "status_503", "closed": "connection_closed", "cut": "cut", "empty": "malformed",
            "error": "stream_error", "noise": "malformed", "unended": "cut", "well": "answered",
        ]
        let run = LoadRun(try plan(server, expected.mapValues { _ in trace([0, 0.01]) }))
        for workload in try await run.run().workloads {
            #expect(workload.outcomes == [expected[workload.model] ?? "": 2], "\(workload.model)")
            #expect(workload.finished == 2)
            #expect((workload.ttft.p50 == nil) == (workload.model != "well"))
            #expect(workload.shortAnswers == (workload.model == "well" ? 2 : 0))
        }
    }

    @Test func run_answerTakesTooLong_timesOut() async throws {
        let server = try await StubServer.start { _ in .hang }
        var plan = try plan(server, ["m": trace([0, 0])])
        plan.timeout = .milliseconds(100)
        let report = try await LoadRun(plan).run()
        #expect(report.workloads[0].outcomes == ["timed_out": 2])
        #expect(report.workloads[0].attainment == 0)
    }

    @Test func run_overLimit_isRefusedAndCounted() async throws {
        let server = try await StubServer.start { _ in .tokens(3, after: .milliseconds(50)) }
        var plan = try plan(server, ["m": trace([0, 0, 0])])
        plan.concurrencyLimit = 1
        let report = try await LoadRun(plan).run()
        #expect(report.workloads[0].outcomes == ["answered": 1, "over_concurrency_limit": 2])
        #expect((report.workloads[0].sent, report.workloads[0].offered) == (1, 3))
        #expect(server.requests.count == 1)
    }

    @Test func run_serverGoesAway_connectFails() async throws {
        let owner = Mutex<StubServer?>(nil)
        let server = try await StubServer.start { _ in
            owner.withLock { $0?.stopListening() }
            return .pieces([], thenCloses: true)
        }
        owner.withLock { $0 = server }
        let report = try await LoadRun(try plan(server, ["m": trace([0, 0.5])])).run()
        #expect(report.workloads[0].outcomes == ["connection_closed": 1, "connect_failed": 1])
    }

    @Test func run_nothingListens_throwsUnreachable() async throws {
        let server = try await StubServer.start { _ in .hang }
        let run = LoadRun(try plan(server, ["m": trace([0])]))
        server.stopListening()
        while await isListening(server.port) {}
        let error = await #expect(throws: LoadError.self) { try await run.run() }
        #expect(error?.code == .unreachable)
    }

    private func isListening(_ port: Int) async -> Bool {
        let server = try? await StubServer.start { _ in .hang }
        defer { server?.stopListening() }
        guard let target = try? LoadTarget(url: "http://127.0.0.1:\(port)") else { return false }
        let probe = LoadRun(
            LoadPlan(target: target, workloads: [LoadWorkload(model: "m", trace: trace([0]), objective: nil)]))
        probe.stop()
        return (try? await probe.run()) != nil
    }

    @Test func stop_requestsInFlight_areCutAndNotOffered() async throws {
        let server = try await StubServer.start { request in request.number == 0 ? .tokens(3) : .hang }
        let run = LoadRun(try plan(server, ["m": trace([0, 0.01, 3600])]))
        let report = try await run.run(progressInterval: .milliseconds(10)) { progress in
            guard progress.sent == 2, progress.finished == 1 else { return }
            run.stop()
            run.stop()
        }
        #expect(report.workloads[0].outcomes == ["answered": 1, "stopped": 1])
        #expect((report.workloads[0].offered, report.workloads[0].finished) == (2, 1))
        #expect(report.wasStopped)
    }

    /// The thread that sends is held up, as a machine with too much to do would.
    @Test func run_generatorHeldUp_reportsItsLag() async throws {
        let server = try await StubServer.start { _ in .tokens(3) }
        let run = LoadRun(try plan(server, ["m": trace((0..<20).map { Double($0) * 0.01 })]))
        let report = try await run.run(progressInterval: .milliseconds(60)) { _ in
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(report.lag.count == 20)
        #expect((report.lag.max ?? 0) > 0.02)
        #expect(report.isLate)
    }

    @Test func run_warmUp_isSentAndNotCounted() async throws {
        let server = try await StubServer.start { _ in .tokens(3) }
        let report = try await LoadRun(try plan(server, ["m": trace([-0.05, -0.01, 0.01])])).run()
        #expect((report.workloads[0].sent, report.workloads[0].offered) == (3, 1))
        #expect(report.workloads[0].outcomes == ["answered": 1])
        #expect(server.requests.count == 3)
    }

    @Test func run_speed_dividesArrivals() async throws {
        let server = try await StubServer.start { _ in .tokens(3) }
        var plan = try plan(server, ["m": trace([0, 100])])
        plan.speed = 1000
        let report = try await LoadRun(plan).run()
        #expect(report.workloads[0].outcomes == ["answered": 2])
        #expect(report.seconds >= 0.1)
    }
}
