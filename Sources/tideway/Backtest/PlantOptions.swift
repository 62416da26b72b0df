public import ArgumentParser
internal import Backtest
internal import Fleet
internal import Performance
internal import Profiles
public import Routing
internal import Simulation

/// The plant as a user describes it: what a replica is, what is promised, how fast it starts.
struct PlantOptions: ParsableArguments {
    @Option(help: "A profile's name (tideway profile list) or file.")
    var profile = ProfileCatalogue.defaultName

    @Option(help: "Seconds to the first token; twice that for prompts above 4,096 tokens.")
    var sloTtft = DurationOption(seconds: 1)

    @Option(help: "Mean time between tokens.")
    var sloItl = DurationOption(seconds: 0.05)

    @Option(help: "Share of the requests that must keep both limits.")
    var attainment = 0.99

    @Option(help: "For a service that is no language model: what one request takes.")
    var serviceTime: DurationOption?

    @Option(help: "With --service-time: requests that one replica serves at once.")
    var concurrency = 1

    @Option(help: "With --service-time: limit from arrival to answer (default: nine times the service time).")
    var sloLatency: DurationOption?

    @Option(help: "Price of an accelerator-hour instead of the profile's.")
    var price: Double?

    @Option(help: "Replicas at least.")
    var minReplicas = 1

    @Option(help: "Replicas at most (default: twice the smallest constant fleet that reaches the target).")
    var maxReplicas: Int?

    @Option(help: "Replicas ready at the start (default: 1.25 times the load of the first minute).")
    var initial: Int?

    @Option(
        help:
            "Requests per second that one replica should carry, the target of rate policies (default: found by trials)."
    )
    var steadyRate: Double?

    @Option(
        help:
            "Requests in flight of one replica at that rate, the target of concurrency policies (default: found by trials)."
    )
    var steadyConcurrency: Double?

    @Option(help: "Median time from the start order until a replica is ready.")
    var startUp = DurationOption(seconds: 60)

    @Option(help: "95th percentile of the start-up time over its median; 1 is exact.")
    var startUpSpread = 2.0

    @Option(help: "When a request is bound to a replica: late (it waits centrally) or early.")
    var binding = Binding.late

    @Option(help: "Which of the replicas that could take a request gets it.")
    var dispatch = ReplicaChoice.leastOutstandingTokens

    @Option(help: "Nodes of the pool that replicas take their accelerators from (default: always room).")
    var poolNodes: Int?

    @Option(help: "With --pool-nodes: accelerators of one node.")
    var acceleratorsPerNode = 8

    @Option(help: "With --pool-nodes: time until an empty node is usable again.")
    var provisioning = DurationOption(seconds: 0)

    @Option(help: "Replicas kept loaded but out of service, billed all the time.")
    var warmPool: Int?

    @Option(help: "With --warm-pool: from the order until such a replica is ready.")
    var warmStartUp = DurationOption(seconds: 5)

    @Option(help: ArgumentHelp("Something that goes wrong; may be repeated.", discussion: FaultOption.discussion))
    var fault: [FaultOption] = []

    func validate() throws {
        try require(
            attainment > 0 && attainment <= 1, "--attainment \(attainment) is a share: above 0, at most 1 (0.99).")
        try require(sloTtft.seconds > 0 && sloItl.seconds > 0, "--slo-ttft and --slo-itl must be above zero.")
        try require(startUp.seconds >= 0, "--start-up \(startUp) cannot be negative.")
        try require(startUpSpread >= 1, "--start-up-spread \(startUpSpread) is p95 over median: at least 1.")
        try require(minReplicas >= 1, "--min-replicas \(minReplicas) must be at least 1.")
        try require(maxReplicas.map { $0 >= minReplicas } ?? true, "--max-replicas must not be below --min-replicas.")
        try require(initial.map { $0 >= 1 } ?? true, "--initial must be at least 1.")
        try require(steadyRate.map { $0 > 0 && $0.isFinite } ?? true, "--steady-rate must be above zero.")
        try require(steadyConcurrency.map { $0 > 0 && $0.isFinite } ?? true, "--steady-concurrency must be above zero.")
        try require(price.map { $0 >= 0 && $0.isFinite } ?? true, "--price must be zero or more.")
        try require(concurrency >= 1, "--concurrency \(concurrency) must be at least 1.")
        try require(serviceTime.map { $0.seconds > 0 } ?? true, "--service-time must be above zero.")
        try require(sloLatency == nil || serviceTime != nil, "--slo-latency is for services: give --service-time too.")
        try require(poolNodes.map { $0 >= 1 } ?? true, "--pool-nodes must be at least 1.")
        try require(acceleratorsPerNode >= 1, "--accelerators-per-node must be at least 1.")
        try require(warmPool.map { $0 >= 1 } ?? true, "--warm-pool must be at least 1.")
    }

    private func require(_ condition: Bool, _ message: String) throws {
        if !condition { throw ValidationError(message) }
    }
}

extension PlantOptions {
    /// The profile, with the price that was asked for.
    func loadProfile() throws -> PerformanceProfile {
        var loaded: PerformanceProfile
        if let serviceTime {
            loaded = .service(
                name: "service-\(serviceTime)", serviceTime: serviceTime.duration, concurrency: concurrency,
                price: Price(perAcceleratorHour: 0))
        } else {
            loaded = try ProfileCatalogue.load(profile)
        }
        if let price { loaded.price = Price(perAcceleratorHour: price) }
        return loaded
    }

    var objective: ServiceLevelObjective {
        if let serviceTime {
            let limit = sloLatency ?? DurationOption(seconds: 9 * serviceTime.seconds)
            return ServiceLevelObjective(limits: .latency(limit.duration), attainmentTarget: attainment)
        }
        return ServiceLevelObjective(
            limits: .tokens(ttft: sloTtft.duration, itl: sloItl.duration), attainmentTarget: attainment)
    }

    var overrides: TraceStudy.Overrides {
        var overrides = TraceStudy.Overrides()
        overrides.minReplicas = minReplicas
        overrides.maxReplicas = maxReplicas
        overrides.initialReady = initial
        overrides.steadyRate = steadyRate
        overrides.steadyConcurrency = steadyConcurrency
        return overrides
    }

    func simulationOptions(profile: PerformanceProfile, measureFrom: Double) throws -> SimulationOptions {
        var options = SimulationOptions()
        options.slo = objective
        options.startUp = StartUpModel(median: startUp.duration, spread: startUpSpread)
        options.binding = binding
        options.choice = dispatch
        options.measureFrom = measureFrom
        options.faults = fault.map(\.fault)
        options.warmPool = warmPool.map { WarmPool(size: $0, startUp: warmStartUp.duration) }
        options.pool = try pool(for: profile)
        return options
    }

    private func pool(for profile: PerformanceProfile) throws -> NodePool? {
        guard let poolNodes else { return nil }
        guard acceleratorsPerNode >= profile.accelerators else {
            throw CommandError(
                "A replica of \(profile.name) takes \(profile.accelerators) accelerators of one node, and a node has "
                    + "\(acceleratorsPerNode): give --accelerators-per-node \(profile.accelerators) or more.")
        }
        return NodePool(
            id: NodePoolID("pool"), nodeCount: poolNodes, acceleratorsPerNode: acceleratorsPerNode,
            provisioningTime: provisioning.duration)
    }
}

extension Binding: ExpressibleByArgument {}
extension ReplicaChoice: ExpressibleByArgument {}

extension DurationOption {
    var duration: Duration { .seconds(seconds) }
}
