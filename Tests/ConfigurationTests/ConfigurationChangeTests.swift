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
