public import ArgumentParser
internal import Backtest
internal import Fleet
public import Performance
internal import Profiles
public import Routing
internal import Simulation

/// The plant as a user describes it: what a replica is, what is promised, how fast it starts.
struct PlantOptions: ParsableArguments {
    @Option(help: "A profile's name (tideway profile list) or file (default: \(ProfileCatalogue.defaultName)).")
    var profile: String?

    @Option(
        help: """
            Time to the first token, twice that for prompts above 4,096 tokens, and never less than twice what the prefill \
            alone takes (default: 1s).
            """)
    var sloTtft: DurationOption?

    @Option(help: "Mean time between tokens (default: 50ms).")
    var sloItl: DurationOption?

    @Option(help: "Share of the requests that must keep both limits.")
    var attainment = 0.99

    @Option(help: "For a service that is no language model: what one request takes.")
    var serviceTime: DurationOption?

    @Option(help: "With --service-time: requests that one replica serves at once (default: 1).")
    var concurrency: Int?

    @Option(
        help:
            "With --service-time: limit from arrival to answer (default: nine times the service time, at most 300s).")
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

    @Option(
        help: """
            How replicas give out memory: reserved (prompt and answer, for the whole life) or on-demand (blocks of 16 tokens; \
            when none is left, the request admitted last is pre-empted and computed again, as in vLLM; wants --binding early).
            """)
    var kv = MemoryRule.reserved

    @Option(help: "Which of the replicas that could take a request gets it.")
    var choice = ReplicaChoice.leastOutstandingTokens

    @Option(
        help: """
            Who is served first, and how many at once: fcfs (first come, first served) or slo (those who can still be in time \
            first, and no more at once than keep the inter-token objective).
            """)
    var dispatch = DispatchOrder.fcfs

    @Option(
        help: """
            With slo dispatch: the share of the inter-token objective that a replica fills (default: found by trials; for a \
            schedule alone, from the profile).
            """)
    var pacing: Double?

    @Option(help: "Nodes of the pool that replicas take their accelerators from (default: always room).")
    var poolNodes: Int?

    @Option(help: "With --pool-nodes: accelerators of one node (default: 8).")
    var acceleratorsPerNode: Int?

    @Option(help: "With --pool-nodes: time until an empty node is usable again (default: 0s).")
    var provisioning: DurationOption?

    @Option(help: "Replicas kept loaded but out of service, billed all the time.")
    var warmPool: Int?

    @Option(help: "With --warm-pool: from the order until such a replica is ready (default: 5s).")
    var warmStartUp: DurationOption?

    @Option(
        help: ArgumentHelp("Something that goes wrong; may be repeated.", discussion: FaultOption.discussion),
        transform: FaultOption.init(_:))
    var fault: [FaultOption] = []
}

extension PlantOptions {
    /// Accelerators of a node where none are given: the usual machine.
    static let defaultAcceleratorsPerNode = 8
    /// A service's limit is this many times its service time where none is given.
    static let defaultLatencyFactor = 9.0

    /// The profile, with the price that was asked for.
    func loadProfile() throws -> PerformanceProfile {
        var loaded: PerformanceProfile
        if let serviceTime {
            loaded = .service(
                name: "service-\(serviceTime)", serviceTime: serviceTime.duration, concurrency: concurrency ?? 1,
                price: Price(perAcceleratorHour: 0))
        } else {
            loaded = try ProfileCatalogue.load(profile ?? ProfileCatalogue.defaultName)
        }
        if let price { loaded.price = Price(perAcceleratorHour: price) }
        return loaded
    }

    var objective: ServiceLevelObjective {
        if let serviceTime {
            let usual = min(PlantOptions.defaultLatencyFactor * serviceTime.seconds, PlantOptions.longestLatencySeconds)
            let limit = sloLatency ?? DurationOption(seconds: usual)
            return ServiceLevelObjective(limits: .latency(limit.duration), attainmentTarget: attainment)
        }
        let ttft = sloTtft ?? DurationOption(seconds: 1)
        let itl = sloItl ?? DurationOption(seconds: 0.05)
        return ServiceLevelObjective(
            limits: .tokens(ttft: ttft.duration, itl: itl.duration), attainmentTarget: attainment)
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
        options.choice = choice
        options.memory = kv
        options.order = dispatch
        options.pacing = pacing
        options.measureFrom = measureFrom
        options.faults = fault.map(\.fault)
        let warmStartUp = warmStartUp ?? DurationOption(seconds: 5)
        options.warmPool = warmPool.map { WarmPool(size: $0, startUp: warmStartUp.duration) }
        options.pool = try pool(for: profile)
        return options
    }

    private func pool(for profile: PerformanceProfile) throws -> NodePool? {
        guard let poolNodes else { return nil }
        let acceleratorsPerNode = acceleratorsPerNode ?? PlantOptions.defaultAcceleratorsPerNode
        guard acceleratorsPerNode >= profile.accelerators else {
            throw CommandError(
                "A replica of \(profile.name) takes \(profile.accelerators) accelerators of one node, and a node has "
                    + "\(acceleratorsPerNode): give --accelerators-per-node \(profile.accelerators) or more.")
        }
        return NodePool(
            id: NodePoolID("pool"), nodeCount: poolNodes, acceleratorsPerNode: acceleratorsPerNode,
            provisioningTime: (provisioning ?? DurationOption(seconds: 0)).duration)
    }
}

extension MemoryRule: ExpressibleByArgument {}
extension Binding: ExpressibleByArgument {}
extension ReplicaChoice: ExpressibleByArgument {}
extension DispatchOrder: ExpressibleByArgument {}

extension DurationOption {
    var duration: Duration { .seconds(seconds) }
}
