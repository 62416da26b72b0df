import Backtest
import Control
import Fleet
import Reports
import Simulation
import Testing

@Suite struct DecisionsCSVTests {
    private func report(trace: String) -> BacktestReport {
        var run = BacktestRun(
            trace: trace, policy: "hpa", isTuned: true, knob: 1.5, seed: 7, outcome: SimulationOutcome(), cost: 0)
        run.decisions = [
            DecisionRecord(at: Instant(seconds: 0), proposed: 3, desired: 3, current: 3, ready: 2, reason: .scheduled),
            DecisionRecord(at: Instant(seconds: 15.25), proposed: 9, desired: 5, current: 3, ready: 3, reason: .load),
        ]
        return BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)
    }

    @Test func render_decisions_areOneLineEach() {
        let text = DecisionsCSV(report(trace: "conv"), workload: "llama", variant: "8b-a100").render()
        #expect(
            text == """
                time_s,trace,policy,tuned,seed,workload,variant,desired,current,ready
                0,conv,hpa,true,7,llama,8b-a100,3,3,2
                15.25,conv,hpa,true,7,llama,8b-a100,5,3,3

                """)
    }

    @Test func render_nameWithComma_isQuoted() {
        let text = DecisionsCSV(report(trace: "a,\"b\""), workload: "w", variant: "v").render()
        #expect(text.contains("\n0,\"a,\"\"b\"\"\",hpa,"))
    }
}
