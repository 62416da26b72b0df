internal import ArgumentParser
internal import Performance
internal import Routing

extension PlantOptions {
    /// A run ends ten minutes after its last arrival, and what one replica can do is measured over fifteen: a job that takes
    /// minutes is no request, and most would count as never answered.
    static let longestServiceSeconds = 60.0
    /// A limit far beyond the longest service, and well below the ten minutes.
    static let longestLatencySeconds = 300.0
    private static let longJobs =
        "Longer jobs are no requests: a run waits ten minutes after its last arrival, and then counts them as missed."
    /// Replicas, nodes and the like beyond this are typing errors.
    private static let largestConcurrency = 1000
    private static let largestCount = 100_000

    func validate() throws {
        try requirePartners()
        try validateDurations()
        try validateCounts()
        try require(
            attainment > 0 && attainment <= 1, "--attainment \(attainment) is a share: above 0, at most 1 (0.99).")
        try require(
            (1...1000).contains(startUpSpread),
            "--start-up-spread \(startUpSpread) is p95 over median: at least 1, at most 1000.")
        try require(pacing.map { $0 > 0 && $0 <= 1 } ?? true, "--pacing must be above 0, at most 1.")
        try require(
            dispatch == .fcfs || binding == .late,
            "--dispatch slo orders requests that wait centrally, and with --binding early none do: leave out one of them."
        )
        try require(
            kv == .reserved || binding == .early,
            "--kv on-demand is the replica's own way to fit requests in, so they must be bound to it at once: add --binding early."
        )
        try require(maxReplicas.map { $0 >= minReplicas } ?? true, "--max-replicas must not be below --min-replicas.")
        try require(steadyRate.map { $0 > 0 && $0.isFinite } ?? true, "--steady-rate must be above zero.")
        try require(steadyConcurrency.map { $0 > 0 && $0.isFinite } ?? true, "--steady-concurrency must be above zero.")
        try require(price.map { $0 >= 0 && $0.isFinite } ?? true, "--price must be zero or more.")
    }

    private func validateDurations() throws {
        let longest = (service: PlantOptions.longestServiceSeconds, latency: PlantOptions.longestLatencySeconds)
        try sloTtft?.validate("--slo-ttft", atLeast: 0.001, atMost: longest.latency)
        try sloItl?.validate("--slo-itl", atLeast: 0.001, atMost: longest.service)
        try serviceTime?.validate(
            "--service-time", atLeast: 0.001, atMost: longest.service, remedy: PlantOptions.longJobs)
        try sloLatency?.validate(
            "--slo-latency", atLeast: 0.001, atMost: longest.latency, remedy: PlantOptions.longJobs)
        try startUp.validate("--start-up")
        try provisioning?.validate("--provisioning")
        try warmStartUp?.validate("--warm-start-up")
    }

    private func validateCounts() throws {
        let counts = [
            ("--min-replicas", minReplicas), ("--max-replicas", maxReplicas), ("--initial", initial),
            ("--pool-nodes", poolNodes),
            ("--accelerators-per-node", acceleratorsPerNode),
            ("--warm-pool", warmPool),
        ]
        if let concurrency, !(1...PlantOptions.largestConcurrency).contains(concurrency) {
            throw ValidationError(
                "--concurrency \(concurrency) must be at least 1 and at most \(PlantOptions.largestConcurrency).")
        }
        for (option, count) in counts {
            guard let count, !(1...PlantOptions.largestCount).contains(count) else { continue }
            throw ValidationError("\(option) \(count) must be at least 1 and at most \(PlantOptions.largestCount).")
        }
    }

    /// Options that mean nothing without another one, or beside it.
    private func requirePartners() throws {
        try requirePartner(
            "--service-time", isGiven: serviceTime != nil, reason: "is for services",
            of: [("--concurrency", concurrency != nil), ("--slo-latency", sloLatency != nil)])
        try requirePartner(
            "--pool-nodes", isGiven: poolNodes != nil, reason: "is for a pool of nodes",
            of: [("--accelerators-per-node", acceleratorsPerNode != nil), ("--provisioning", provisioning != nil)])
        try requirePartner(
            "--warm-pool", isGiven: warmPool != nil, reason: "is for a warm pool",
            of: [("--warm-start-up", warmStartUp != nil)])
        guard serviceTime != nil else { return }
        for (option, isGiven) in [
            ("--profile", profile != nil), ("--slo-ttft", sloTtft != nil), ("--slo-itl", sloItl != nil),
        ] where isGiven {
            throw ValidationError(
                "\(option) is for language models, and --service-time for other services: leave out one of them.")
        }
    }

    private func requirePartner(
        _ partner: String, isGiven: Bool, reason: String, of options: [(name: String, isGiven: Bool)]
    ) throws {
        guard !isGiven, let option = options.first(where: \.isGiven) else { return }
        throw ValidationError("\(option.name) \(reason): give \(partner) too.")
    }

    private func require(_ condition: Bool, _ message: String) throws {
        if !condition { throw ValidationError(message) }
    }

    /// Every request of a service is the same work.
    func requireNoLengths(_ input: TraceInputOptions) throws {
        guard serviceTime != nil else { return }
        for (option, isGiven) in [
            ("--prompt-tokens", input.promptTokens != nil), ("--output-tokens", input.outputTokens != nil),
            ("--rows-from", input.rowsFrom != nil), ("--prompt-cdf", input.promptCdf != nil),
        ] where isGiven {
            throw ValidationError(
                "\(option) is for the lengths of language models, and --service-time for other services: leave out one of "
                    + "them.")
        }
    }
}
