internal import Fleet

/// The keys of a workload, variants left out.
enum WorkloadFields {
    static let all = identity + objective + scale + queue + routing

    /// Millions of tokens make no sense in one request.
    private static let tokensMax = 10_000_000

    private static let identity: [SettingField<WorkloadSettings>] = [
        SettingField<WorkloadSettings>(
            key: "id", kind: .text(.name), effect: .atOnce, meaning: "Names the workload everywhere."
        ) {
            .text($0.id.description)
        } write: { root, value in
            if case .text(let text) = value { root.id = WorkloadID(text) }
        }.required,
        SettingField<WorkloadSettings>(
            key: "models", kind: .texts(.any, countMax: 100), effect: .atOnce,
            meaning: "Names by which requests ask for it in `model`, besides its id."
        ) {
            .texts($0.modelNames)
        } write: { root, value in
            if case .texts(let names) = value { root.modelNames = names }
        }.byDefault("its id alone"),
        .optionalText(
            "path_prefix", .path, \.pathPrefix, .atOnce,
            "Requests whose path begins so are its own, whatever their body says."),
    ]

    private static let limitRange: ClosedRange<Duration> = .milliseconds(1) ... .seconds(86_400)

    private static let objective: [SettingField<WorkloadSettings>] = [
        SettingField(
            key: "slo.ttft", kind: .duration(limitRange), effect: .atOnce,
            meaning:
                "Time to first token at most, for prompts of up to \(ServiceLevelObjective.longPromptTokens) tokens; "
                + "twice that for longer ones."
        ) {
            $0.objective.limits.tokenTimes.map { .duration($0.ttft) }
        } write: { root, value in
            guard case .duration(let ttft) = value else { return }
            root.objective.limits = .tokens(ttft: ttft, itl: root.objective.limits.tokenTimes?.itl ?? .milliseconds(50))
        },
        SettingField(
            key: "slo.itl", kind: .duration(limitRange), effect: .atOnce,
            meaning: "Mean time between the tokens of an answer at most."
        ) {
            $0.objective.limits.tokenTimes.map { .duration($0.itl) }
        } write: { root, value in
            guard case .duration(let itl) = value else { return }
            root.objective.limits = .tokens(ttft: root.objective.limits.tokenTimes?.ttft ?? .seconds(1), itl: itl)
        },
        SettingField(
            key: "slo.latency", kind: .duration(limitRange), effect: .atOnce,
            meaning: "For services that answer as a whole, in place of the two above: time from arrival to the whole "
                + "answer at most."
        ) {
            if case .latency(let latency) = $0.objective.limits { .duration(latency) } else { nil }
        } write: { root, value in
            if case .duration(let latency) = value { root.objective.limits = .latency(latency) }
        },
        .number(
            "slo.attainment", 0.5...1, \.objective.attainmentTarget, .atOnce,
            "Share of requests that must be answered within the limits."),
    ]

    private static let scale: [SettingField<WorkloadSettings>] = [
        .integer(
            "priority", -1000...1000, \.priority, .atOnce,
            "The higher goes first where two workloads want the same accelerators."),
        .integer(
            "replicas.min", 0...10_000, \.bounds.min, .atOnce, "Replicas at least. 0 allows to stop the last one."),
        .integer("replicas.max", 1...10_000, \.bounds.max, .atOnce, "Replicas at most."),
        .duration(
            "idle_time_to_zero", .seconds(1) ... .seconds(30 * 86_400), \.idleTimeToZero, .atOnce,
            "Where `replicas.min` is 0: without a request for so long, the last replica is stopped."),
        .boolean(
            "act", \.isActedOn, .atOnce,
            "`false`: what Tideway would do for this workload is recorded and not done, whatever `controller.mode` is."),
        .integer(
            "expected.prompt_tokens", 1...tokensMax, \.expectedShape.promptTokens, .atOnce,
            "Tokens of a typical prompt, until requests were seen."),
        .integer(
            "expected.output_tokens", 1...tokensMax, \.expectedShape.outputTokens, .atOnce,
            "Tokens of a typical answer, until requests were seen; one that states none counts as this. A service has no lengths."
        ),
    ]

    private static let queue: [SettingField<WorkloadSettings>] = [
        .integer(
            "queue.requests", 0...10_000_000, \.queue.requestLimit, .atOnce,
            "Requests that wait for a replica at most; more are answered with 429."),
        .size(
            "queue.bytes", 1 << 10...1 << 40, \.queue.byteLimit, .atOnce,
            "Bodies of the requests that wait, together, at most."),
        .duration(
            "queue.deadline", .milliseconds(10) ... .seconds(86_400), \.queue.deadline, .atOnce,
            "A request that waited so long is answered with 503. It should be longer than a start of a replica."),
    ]

    private static let routing: [SettingField<WorkloadSettings>] = [
        .choice("routing.choice", \.routing.choice, .atOnce, "How a replica is chosen among those that are ready."),
        .choice(
            "routing.order", \.routing.order, .restart,
            "Who is served first: fcfs, first come, first served; slo, those who can still be in time (docs/dispatch.md)."
        ),
        .optionalText(
            "routing.affinity_header", .header, \.routing.affinityHeader, .atOnce,
            "Requests with the same value of this header go to the same replica while it is not overloaded."),
        .integer(
            "routing.retries", 0...10, \.routing.retryLimit, .atOnce,
            "Retries of a request, each on another replica, before the first byte of an answer."),
        .number(
            "routing.retry_budget", 0...1, \.routing.retryBudget, .atOnce,
            "Retries at most, as a share of requests; ten in any ten seconds are always allowed."),
        .integer(
            "routing.eject_after_failures", 1...1000, \.routing.ejectAfterFailures, .atOnce,
            "Failures in a row after which a replica gets no requests for a while."),
        .duration(
            "routing.ejection_time", .milliseconds(100) ... .seconds(3600), \.routing.ejectionTime, .atOnce,
            "How long that while is."),
    ]
}

extension ServiceLevelObjective.Limits {
    /// The limits for generated text; nil for other services.
    fileprivate var tokenTimes: (ttft: Duration, itl: Duration)? {
        if case .tokens(let ttft, let itl) = self { (ttft, itl) } else { nil }
    }
}
