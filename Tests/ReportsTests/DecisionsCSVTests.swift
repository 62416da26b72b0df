import Backtest
import Fleet
import Reports
import Simulation
import Testing

@Suite struct DecisionsCSVTests {
    private func report(trace: String) -> BacktestReport {
        var run = BacktestRun(
            trace: trace, policy: "hpa", isTuned: true, knob: 1.5, seed: 7, outcome: SimulationOutcome(), cost: 0)
        run.fleet = [
            FleetPoint(time: -1200, desired: 1, current: 1, ready: 1),
            FleetPoint(time: -30.5, desired: 3, current: 3, ready: 2),
            FleetPoint(time: 15.25, desired: 5, current: 3, ready: 3),
        ]
        return BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)
    }

    @Test func render_fleetWithWarmUp_beginsAtZero() {
        let text = DecisionsCSV(report(trace: "conv"), workload: WorkloadID("llama"), variant: VariantID("8b-a100"))
            .render()
        #expect(
            text == """
                time_s,trace,policy,tuned,seed,workload,variant,desired,current,ready
                0,conv,hpa,true,7,llama,8b-a100,3,3,2
                15.25,conv,hpa,true,7,llama,8b-a100,5,3,3

                """)
    }

    @Test func render_nameWithComma_isQuoted() {
        let text = DecisionsCSV(report(trace: "a,\"b\""), workload: WorkloadID("w"), variant: VariantID("v")).render()
        #expect(text.contains("\n0,\"a,\"\"b\"\"\",hpa,"))
    }
}
