import Fleet
import Link
import Profiles
import Synchronization
import Testing
import Traces

@testable import Load
@testable import tideway

struct DemoTests {
    private func plan() throws -> DemoPlan { DemoPlan(profile: try ProfileCatalogue.load("8b-a100")) }

    private func count(_ trace: Trace, _ window: Range<Double>) -> Int {
        var count = 0
        trace.forEach { count += window.contains($0.arrival) ? 1 : 0 }
        return count
    }

    // MARK: Traffic

    @Test func traffic_sameSeed_isTheSame() throws {
        var plan = try plan()
        let first = DemoTraffic(plan: plan, sizes: .generated).traces()
        let again = DemoTraffic(plan: plan, sizes: .generated).traces()
        plan.seed = 2
        let other = DemoTraffic(plan: plan, sizes: .generated).traces()
        #expect(first.map(\.count) == again.map(\.count))
        #expect(first[0][100] == again[0][100])
        #expect(first[0][100] != other[0][100])
        #expect(first[0].name == "code-east")
    }

    @Test func traffic_workloads_areInCounterPhase() throws {
        let traffic = DemoTraffic(plan: try plan(), sizes: .generated)
        let traces = traffic.traces()
        let (east, west) = (traffic.plan.workloads[0], traffic.plan.workloads[1])
        #expect(abs(traffic.rate(east, at: 30) - 64) < 1e-9)
        #expect(abs(traffic.rate(east, at: 90) - 16) < 1e-9)
        #expect(abs(traffic.rate(west, at: 30) - 16) < 1e-9)
        #expect(abs(traffic.rate(west, at: 90) - 64) < 1e-9)
        #expect(count(traces[0], 15..<45) > 2 * count(traces[0], 75..<105))
        #expect(count(traces[1], 75..<105) > 2 * count(traces[1], 15..<45))
    }

    @Test func traffic_leadIn_liesBeforeTimeZero() throws {
        let trace = DemoTraffic(plan: try plan(), sizes: .generated).traces()[0]
        #expect(trace.firstArrival >= -30 && trace.firstArrival < -28)
        #expect(trace.lastArrival < 120 && trace.lastArrival > 118)
        #expect(count(trace, -30..<0) > 740 && count(trace, -30..<0) < 940)
    }

    @Test func traffic_rows_keepTheirPairs() throws {
        var builder = TraceBuilder()
        for tokens in [UInt32(10), 20] {
            let row = RequestRow(arrival: 0, promptTokens: tokens, outputTokens: tokens + 1)
            builder.append(TraceBuilder.Request(row: row))
        }
        let traffic = DemoTraffic(plan: try plan(), sizes: .rows(builder.finish(name: "real")))
        let trace = traffic.traces()[0]
        for index in 0..<trace.count { #expect(trace[index].outputTokens == trace[index].promptTokens + 1) }
        #expect(traffic.origin.contains("real"))
    }

    // MARK: Record

    private func point(
        _ time: Double, _ desired: Int, _ ready: Int, _ starting: Int, _ draining: Int = 0
    )
        -> DemoFleetRecord.Point
    {
        DemoFleetRecord.Point(time: time, desired: desired, ready: ready, starting: starting, draining: draining)
    }

    /// From 10 to 30: 2 x 5 s, 4 x 5 s, 3 x 10 s.
    @Test func record_hours_areCutToTheMeasuredTime() {
        var record = DemoFleetRecord()
        record.append(point(0, 2, 2, 0))
        record.append(point(15, 4, 2, 2))
        record.append(point(20, 2, 2, 0, 1))
        #expect(record.replicaSeconds(from: 10, until: 30) == 60)
        #expect(record.actions(from: 10, until: 30) == 2)
        #expect(record.actions(from: 16, until: 30) == 1)
        #expect(DemoFleetRecord().replicaSeconds(from: 0, until: 30) == 0)
    }

    // MARK: Report

    private func line(hours: Double, fixed: Double?, clairvoyant: Double?) -> DemoReport.Line {
        let simulated = DemoReferences.Simulated(
            attainment: 0.995, acceleratorHours: 0.15, attainmentRange: 0.99...1)
        let references = DemoReferences(
            staticReplicas: fixed.map { _ in 8 }, staticHours: fixed, clairvoyantHours: clairvoyant,
            simulated: simulated)
        var record = DemoFleetRecord()
        record.append(point(0, 3, Int(hours * 36), 0))
        let none = LatencySummary(count: 0)
        let load = LoadReport.Workload(
            model: "m", sent: 100, offered: 100, finished: 100, good: 99, attainment: 0.99, outcomes: [:],
            shortAnswers: 0, promptTokens: 0, outputTokens: 0, ttft: none, itl: none, latency: none)
        return DemoReport.Line(load, references, record, from: 0, until: 100, acceleratorsPerReplica: 1)
    }

    @Test func line_savings_compareWithBothReferences() throws {
        let line = line(hours: 0.25, fixed: 0.5, clairvoyant: 0.125)
        #expect(line.acceleratorHours == 0.25)
        #expect(line.saving == 0.5)
        #expect(line.clairvoyantSaving == 0.75)
        #expect(abs(try #require(line.savingShare) - 2.0 / 3) < 1e-12)
    }

    @Test func line_missingReference_hasNoSaving() {
        #expect(line(hours: 0.25, fixed: nil, clairvoyant: 0.125).saving == nil)
        #expect(line(hours: 0.25, fixed: 0.5, clairvoyant: nil).savingShare == nil)
        #expect(line(hours: 0.25, fixed: 0.5, clairvoyant: 0.5).savingShare == nil)
    }

    @Test func total_lines_areSummed() {
        let one = line(hours: 0.25, fixed: 0.5, clairvoyant: 0.125)
        let total = DemoReport.Line(sumOf: [one, one])
        #expect((total.offered, total.good, total.staticReplicas) == (200, 198, 16))
        #expect((total.acceleratorHours, total.saving) == (0.5, 0.5))
        #expect(DemoReport.Line(sumOf: [one, line(hours: 0.25, fixed: nil, clairvoyant: nil)]).saving == nil)
    }

    // MARK: Configuration and view

    @Test func configuration_workload_startsTheEmulator() throws {
        let plan = try plan()
        let traces = DemoTraffic(plan: plan, sizes: .generated).traces()
        let text = DemoConfiguration(
            plan: plan, traces: traces, program: "/opt/it's here/tideway", stateFolder: "/tmp/d/state", port: 4000
        ).text
        #expect(text.contains("gateway: {listen: \"127.0.0.1:4000\"}"))
        #expect(text.contains("slo: {ttft: 1s, itl: 50ms, attainment: 0.99}"))
        #expect(text.contains("    replicas: {min: 3, max: 24}\n    routing: {order: slo}\n"))
        #expect(
            text.contains(
                "command: ['/opt/it''s here/tideway', 'engine', '--profile', '8b-a100', '--model', 'code-east', '--port', "
                    + "'{port}', '--load-delay', '5s']"))
    }

    @Test func view_lines_tellCountsApart() {
        let shown = Mutex("")
        let view = DemoView(isTerminal: false) { text in shown.withLock { $0 += text } }
        var status = WorkloadStatus(id: "a", mode: "act", policy: "tideway")
        (status.desired, status.ready, status.starting, status.queuedRequests) = (5, 3, 1, 7)
        func progress(_ seconds: Double, sent: Int) -> LoadProgress {
            LoadProgress(
                seconds: seconds,
                workloads: [
                    LoadProgress.Workload(
                        model: "a", sent: sent, inFlight: 12, finished: 90, good: 88, attainment: 88.0 / 90,
                        ttftP99: nil)
                ])
        }
        view.show(progress(0, sent: 100), [:])
        view.show(progress(5, sent: 150), [:])
        view.show(progress(10, sent: 200), ["a": status])
        let lines = shown.withLock { $0 }.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("no word from the controller"))
        #expect(lines[1].contains("10.0/s"))
        #expect(lines[1].contains("queued 7  replicas desired 5 current 4 ready 3"))
        #expect(lines[1].contains("good 97.7 %"))
    }
}
