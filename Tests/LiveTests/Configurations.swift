/// Configurations of a workload `chat` that emulators serve.
enum Configurations {
    /// Half a second for each token, however many decode: a stream costs little, and lasts.
    static let slowProfile = """
        {"name": "slow", "accelerators": 1, "c0": 0.5, "c1": 0, "c2": 0, "c3": 0.000001, "c4": 0, "chunk": 100000,
         "max_batch": 1000, "kv_tokens": 10000000, "backlog_seconds": 3600, "power_idle": 1, "power_busy": 1,
         "power_per_sequence": 0, "price_per_accelerator_hour": 1, "origin": "made for tests"}
        """

    /// One pool of 40 accelerators. `replicas` and `command` are YAML; `more` goes on with the controller's keys.
    static func chat(
        replicas: String, policy: String = "static", command: String = emulator(), profile: String = "./profile.json",
        more: String = ""
    ) -> String {
        """
        controller: {policy: \(policy)\(more)}
        workloads:
          - id: chat
            replicas: \(replicas)
            slo: {ttft: 10s, itl: 1s}
            queue: {requests: 5000, deadline: 100s}
            variants:
              - profile: \(profile)
                pool: local
                engine:
                  processes:
                    command: \(command)
                    environment: {LIVE: MARK}
                    expected_start_up: 1s
        node_pools:
          - id: local
            accelerators_per_node: 40
        """
    }

    /// A replica's command; `extra` are further words of it, in YAML.
    static func emulator(profile: String = "{folder}/../../../profile.json", extra: String = "") -> String {
        "[PROGRAM, engine, --profile, \"\(profile)\", --model, chat, --port, \"{port}\"\(extra)]"
    }
}
