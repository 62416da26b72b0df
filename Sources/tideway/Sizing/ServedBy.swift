internal import ArgumentParser
internal import Fleet
internal import Performance
internal import Profiles
internal import Routing

/// What serves, and what is promised: the part of a plant that capacity depends on.
struct ServedBy: ParsableArguments {
    @Option(help: "A profile's name (tideway profile list) or file.")
    var profile = ProfileCatalogue.defaultName

    @Option(help: "Time to the first token, twice that for prompts above 4,096 tokens.")
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

    @Option(help: "Who is served first, and how many at once: fcfs, or slo (docs/dispatch.md).")
    var dispatch = DispatchOrder.fcfs

    func validate() throws {
        let longest = PlantOptions.longestLatencySeconds
        try sloTtft.validate("--slo-ttft", atLeast: 0.001, atMost: longest)
        try sloItl.validate("--slo-itl", atLeast: 0.001, atMost: PlantOptions.longestServiceSeconds)
        try serviceTime?.validate("--service-time", atLeast: 0.001, atMost: PlantOptions.longestServiceSeconds)
        try sloLatency?.validate("--slo-latency", atLeast: 0.001, atMost: longest)
        guard attainment > 0, attainment < 1 else {
            throw ValidationError("--attainment \(attainment) is a share: above 0 and below 1 (0.99).")
        }
        guard (1...1000).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency) must be at least 1 and at most 1000.")
        }
        guard sloLatency == nil || serviceTime != nil else {
            throw ValidationError("--slo-latency is for services: give --service-time too.")
        }
    }

    var isService: Bool { serviceTime != nil }

    func loadProfile() throws -> PerformanceProfile {
        guard let serviceTime else { return try ProfileCatalogue.load(profile) }
        return .service(
            name: "service-\(serviceTime)", serviceTime: serviceTime.duration, concurrency: concurrency,
            price: Price(perAcceleratorHour: 0))
    }

    var objective: ServiceLevelObjective {
        if let serviceTime {
            let usual = min(
                PlantOptions.defaultLatencyFactor * serviceTime.seconds, PlantOptions.longestLatencySeconds)
            return ServiceLevelObjective(
                limits: .latency(.seconds(sloLatency?.seconds ?? usual)), attainmentTarget: attainment)
        }
        return ServiceLevelObjective(
            limits: .tokens(ttft: sloTtft.duration, itl: sloItl.duration), attainmentTarget: attainment)
    }
}
