import Configuration
import Fleet
import Testing

struct ConfigurationChangeTests {
    private func configuration(_ text: String) throws -> TidewayConfiguration {
        let reading = Reading.read(text)
        return try #require(reading.configuration, "\(reading.problems)")
    }

    private func change(to text: String) throws -> ConfigurationChange {
        ConfigurationChange(from: try configuration(Reading.minimal), to: try configuration(text))
    }

    @Test func change_toTheSame_isEmpty() throws {
        #expect(try change(to: "# a comment\n" + Reading.minimal).isEmpty)
    }

    @Test func change_ofAnObjective_takesEffectAtOnce() throws {
        let change = try change(to: Reading.minimal("    variants", "    slo: {ttft: 500ms}\n    variants"))
        #expect(change.entries.map(\.description) == ["workloads[chat].slo.ttft: 1s -> 500ms"])
        #expect(change.entries(.atOnce).count == 1)
        #expect(change.entries(.restart).isEmpty)
    }

    @Test func change_ofACommand_isForNewReplicas() throws {
        let change = try change(to: Reading.minimal("--port", "--listen"))
        #expect(
            change.entries(.newReplicas).map(\.key) == ["workloads[chat].variants[0].engine.processes.command"])
        #expect(change.entries.count == 1)
    }

    @Test func change_ofTheAddress_needsARestart() throws {
        let change = try change(to: Reading.minimal + "gateway: {listen: '0.0.0.0:80'}\ncontroller: {mode: advise}\n")
        #expect(change.entries(.restart).map(\.description) == ["gateway.listen: 127.0.0.1:8080 -> 0.0.0.0:80"])
        #expect(change.entries(.atOnce).map(\.description) == ["controller.mode: act -> advise"])
    }

    @Test func change_ofTheKindOfEngine_isOneThatNeedsARestart() throws {
        let text = """
            workloads:
              - id: chat
                variants:
                  - profile: 8b-a100
                    engine: {static: {urls: ["http://127.0.0.1:1"]}}
            """
        let change = try change(to: text)
        #expect(
            change.entries(.restart).map(\.description) == ["workloads[chat].variants[0].engine: processes -> static"])
        #expect(!change.entries.contains { $0.key.contains(".engine.") })
    }

    @Test func change_ofAServerList_takesEffectAtOnce() throws {
        let text = """
            workloads:
              - id: chat
                variants:
                  - profile: 8b-a100
                    engine: {static: {urls: ["http://127.0.0.1:1"]}}
            """
        let change = ConfigurationChange(
            from: try configuration(text), to: try configuration(text.replacing("127.0.0.1:1", with: "127.0.0.1:2")))
        #expect(change.entries(.atOnce).count == 1 && change.entries.count == 1)
    }

    /// Each key that needs a restart keeps its value, the others are taken, and what is reported is what was kept.
    @Test func reloaded_keysThatNeedARestart_keepWhatRuns() throws {
        let running = try configuration(Reading.minimal)
        let new = try configuration(
            Reading.minimal("    variants", "    routing: {order: slo, retries: 5}\n    variants")
                + "gateway: {listen: '0.0.0.0:80', access_log: '-', threads: 3, body_limit: 1MiB}\n"
                + "controller: {mode: advise}\nstate_folder: elsewhere\n")
        let reloaded = new.reloaded(over: running)
        #expect(reloaded.gateway.port == 8080 && reloaded.gateway.accessLog == nil && reloaded.gateway.threads == 1)
        #expect(reloaded.stateFolder == running.stateFolder)
        #expect(reloaded.workloads[0].routing.order == .fcfs && reloaded.workloads[0].routing.retryLimit == 5)
        #expect(reloaded.gateway.bodyByteLimit == 1 << 20 && reloaded.controller.mode == .advise)
        let kept = ConfigurationChange(from: reloaded, to: new).entries
        #expect(kept.map(\.effect) == [.restart, .restart, .restart, .restart, .restart])
        #expect(ConfigurationChange(from: running, to: reloaded).entries(.restart).isEmpty)
        #expect(new.reloaded(over: new) == new)
    }

    @Test func reloaded_otherKindOfEngine_keepsTheWholeVariant() throws {
        let running = try configuration(Reading.minimal)
        let text = """
            workloads:
              - id: chat
                priority: 7
                variants:
                  - profile: 8b-a100
                    weight: 9
                    engine: {static: {urls: ["http://127.0.0.1:1"]}}
            """
        let reloaded = try configuration(text).reloaded(over: running)
        #expect(reloaded.workloads[0].variants == running.workloads[0].variants)
        #expect(reloaded.workloads[0].priority == 7)
    }

    @Test func change_fromLatencyToTokens_namesBoth() throws {
        let old = try configuration(Reading.minimal("    variants", "    slo: {latency: 1s}\n    variants"))
        let change = ConfigurationChange(from: old, to: try configuration(Reading.minimal))
        #expect(
            change.entries.map(\.description) == [
                "workloads[chat].slo.ttft: none -> 1s", "workloads[chat].slo.itl: none -> 50ms",
                "workloads[chat].slo.latency: 1s -> none",
            ])
    }

    @Test func change_ofWorkloadsAndPools_namesThem() throws {
        let change = try change(
            to: Reading.minimal.replacing("id: chat", with: "id: code").replacing("local", with: "big"))
        #expect(change.added == [WorkloadID("code")])
        #expect(change.removed == [WorkloadID("chat")])
        #expect(!change.isEmpty)
        #expect(change.entries.contains { $0.key == "node_pools[local].accelerators_per_node" && $0.after == nil })
        #expect(change.entries.contains { $0.key == "node_pools[big].accelerators_per_node" && $0.before == nil })
    }
}
