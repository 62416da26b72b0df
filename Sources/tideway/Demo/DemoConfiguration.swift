internal import Configuration
internal import Fleet
internal import Performance
internal import Traces

/// The configuration that a demonstration starts with.
struct DemoConfiguration {
    let plan: DemoPlan
    /// The requests of each workload.
    let traces: [Trace]
    /// Path of this program, which is the emulator too.
    let program: String
    let stateFolder: String
    /// Of the gateway.
    let port: Int

    /// The text of `tideway.yaml`.
    var text: String {
        """
        # Written by tideway demo: emulated accelerators.
        state_folder: \(DemoConfiguration.quoted(stateFolder))
        gateway: {listen: "127.0.0.1:\(port)"}
        controller: {policy: \(plan.policy), shutdown_deadline: 5s}
        node_pools:
          - id: emulated
            accelerator: \(DemoConfiguration.quoted("emulated " + plan.profile.name))
            nodes: \(plan.pooledReplicas)
            accelerators_per_node: \(plan.profile.accelerators)
        workloads:

        """ + zip(plan.workloads, traces).map(workload).joined()
    }

    private func workload(_ workload: DemoPlan.Workload, _ trace: Trace) -> String {
        let lengths = DemoConfiguration.meanLengths(trace)
        let command = [
            program, "engine", "--profile", plan.profile.name, "--model", workload.id, "--port", "{port}",
            "--load-delay",
            DurationOption(seconds: plan.startUp.seconds).description,
        ].map(DemoConfiguration.quoted).joined(separator: ", ")
        return """
              - id: \(workload.id)
                slo: {\(limits)attainment: \(plan.objective.attainmentTarget)}
                replicas: {min: \(plan.bounds.min), max: \(plan.bounds.max)}
                routing: {order: \(plan.order.rawValue)}
                expected: {prompt_tokens: \(lengths.prompt), output_tokens: \(lengths.output)}
                variants:
                  - profile: \(plan.profile.name)
                    pool: emulated
                    accelerators_per_replica: \(plan.profile.accelerators)
                    engine:
                      processes:
                        command: [\(command)]
                        expected_start_up: \(DurationOption(seconds: plan.startUp.seconds))

            """
    }

    private var limits: String {
        switch plan.objective.limits {
        case .tokens(let ttft, let itl):
            "ttft: \(DurationOption(seconds: ttft.seconds)), itl: \(DurationOption(seconds: itl.seconds)), "
        case .latency(let limit):
            "latency: \(DurationOption(seconds: limit.seconds)), "
        }
    }

    static func meanLengths(_ trace: Trace) -> (prompt: Int, output: Int) {
        var (prompt, output) = (0, 0)
        trace.forEach { row in
            prompt += Int(row.promptTokens)
            output += Int(row.outputTokens)
        }
        let count = max(trace.count, 1)
        return (max(prompt / count, 1), max(output / count, 1))
    }

    /// A text of YAML within single quotes, in which only they mean something.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
