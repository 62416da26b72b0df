internal import Fleet
internal import Performance
internal import Routing
internal import Traces

/// What a backtest simulated, as named settings for its reports: the main ones always, the others where they were given.
struct PlantDescription {
    let plant: PlantOptions
    let traces: BacktestTraces
    let profile: PerformanceProfile
    /// What was given beside the groups of options: the seed or the seeds, and whether knobs were searched.
    let seed: UInt64?
    let seeds: Int?
    let isTuned: Bool

    typealias Setting = (name: String, value: String)

    var settings: [Setting] { main + limits + service + fleet + beyond + reading + campaign }

    private var main: [Setting] {
        [
            ("profile", profile.name), ("accelerators_per_replica", "\(profile.accelerators)"),
            ("price_per_accelerator_hour", "\(profile.price.perAcceleratorHour)"),
            ("attainment_target", "\(plant.attainment)"), ("start_up_seconds", "\(plant.startUp.seconds)"),
            ("start_up_spread", "\(plant.startUpSpread)"), ("binding", plant.binding.rawValue),
            ("choice", plant.choice.rawValue), ("dispatch", plant.dispatch.rawValue), ("copies", "\(traces.copies)"),
            ("speed", "\(traces.speed)"),
            ("warm_up_seconds", "\(traces.warmUp.seconds)"), ("measure_from_seconds", "\(traces.measureFrom.seconds)"),
        ]
    }

    private var limits: [Setting] {
        switch plant.objective.limits {
        case .tokens(let ttft, let itl):
            [("slo_ttft_seconds", "\(ttft.seconds)"), ("slo_itl_seconds", "\(itl.seconds)")]
        case .latency(let limit): [("slo_latency_seconds", "\(limit.seconds)")]
        }
    }

    private var service: [Setting] {
        guard let time = plant.serviceTime else { return [] }
        return [("service_time_seconds", "\(time.seconds)"), ("concurrency", "\(plant.concurrency ?? 1)")]
    }

    private var fleet: [Setting] {
        given([
            ("min_replicas", plant.minReplicas == 1 ? nil : "\(plant.minReplicas)"),
            ("max_replicas", plant.maxReplicas.map { "\($0)" }), ("initial_replicas", plant.initial.map { "\($0)" }),
            ("steady_rate_per_second", plant.steadyRate.map { "\($0)" }),
            ("steady_concurrency", plant.steadyConcurrency.map { "\($0)" }),
            ("pacing", plant.pacing.map { "\($0)" }),
        ])
    }

    /// Beyond the reference plant.
    private var beyond: [Setting] {
        var settings: [Setting] = []
        if let nodes = plant.poolNodes {
            let accelerators = plant.acceleratorsPerNode ?? PlantOptions.defaultAcceleratorsPerNode
            settings += [
                ("pool_nodes", "\(nodes)"), ("accelerators_per_node", "\(accelerators)"),
                ("provisioning_seconds", "\(plant.provisioning?.seconds ?? 0)"),
            ]
        }
        if plant.kv != .reserved { settings.append(("kv", plant.kv.rawValue)) }
        if let size = plant.warmPool {
            settings += [
                ("warm_pool_replicas", "\(size)"), ("warm_start_up_seconds", "\(plant.warmStartUp?.seconds ?? 5)"),
            ]
        }
        if !plant.fault.isEmpty {
            settings.append(("faults", plant.fault.map(\.description).joined(separator: ", ")))
        }
        return settings
    }

    /// How the traces were read.
    private var reading: [Setting] {
        let input = traces.input
        return given([
            ("trace_format", input.format == .auto ? nil : input.format.rawValue),
            ("prompt_tokens", input.promptTokens.map { "\($0)" }),
            ("output_tokens", input.outputTokens.map { "\($0)" }), ("rows_from", input.rowsFrom),
            ("prompt_cdf", input.promptCdf), ("output_cdf", input.outputCdf), ("cdf_service", input.service),
            ("rate_unit", input.unit?.rawValue), ("rate_band", input.rateBand == .draw ? nil : input.rateBand.rawValue),
            ("burstiness", input.burstiness == 1 ? nil : "\(input.burstiness)"),
            ("skip_bad", input.skipBad ? "yes" : nil), ("prefix_cache", input.noPrefixCache ? "no" : nil),
        ])
    }

    private var campaign: [Setting] {
        given([
            ("seed", seed.map { "\($0)" }), ("seeds", seeds.map { "1 to \($0)" }), ("tune", isTuned ? "yes" : nil),
        ])
    }

    private func given(_ settings: [(name: String, value: String?)]) -> [Setting] {
        settings.compactMap { setting in setting.value.map { (setting.name, $0) } }
    }
}
