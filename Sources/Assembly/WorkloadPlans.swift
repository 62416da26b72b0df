internal import Configuration
internal import Control
internal import Fleet
internal import Performance
internal import Policies
internal import Profiles
internal import Runtime

/// Turns the configuration's workloads into what the controller and the gateway need of them.
struct WorkloadPlans: Sendable {
    let configuration: TidewayConfiguration
    let points: OperatingPoints

    /// Plans by the points that are known now.
    ///
    /// - Throws: `ProfileError` or `PolicyError`, which a checked configuration has not.
    func plans() throws -> [WorkloadPlan] {
        try configuration.workloads.compactMap { settings in
            guard let variant = settings.variants.first else { return nil }
            return try plan(settings, variant)
        }
    }

    /// What the plans rest on besides the configuration: the profiles, which lie in files of their own, among the rest.
    ///
    /// - Throws: `ProfileError`.
    func questions() throws -> [WorkloadID: OperatingPoints.Question] {
        try configuration.workloads.reduce(into: [:]) { questions, settings in
            guard let variant = settings.variants.first else { return }
            questions[settings.id] = try question(settings, variant)
        }
    }

    /// Points that are not measured yet. A fleet of a fixed size asks for none.
    func openQuestions() throws -> [OperatingPoints.Question] {
        guard configuration.controller.policy != "static" else { return [] }
        var seen: Set<OperatingPoints.Question> = []
        return try configuration.workloads.compactMap { settings in
            guard let variant = settings.variants.first else { return nil }
            let question = try question(settings, variant)
            return points.measured(question) == nil && seen.insert(question).inserted ? question : nil
        }
    }

    /// Another project's rule decides as it does there: it is protected, but nothing is decided in its place.
    static func guards(around policy: String) -> ControlGuards {
        policy == "tideway" ? .all : ControlGuards.all.subtracting(.reactive)
    }

    private func question(
        _ settings: WorkloadSettings, _ variant: VariantSettings
    ) throws -> OperatingPoints.Question {
        OperatingPoints.Question(
            profile: try ProfileCatalogue.load(variant.profile), objective: settings.objective,
            shape: settings.expectedShape, order: settings.routing.order)
    }

    private func plan(_ settings: WorkloadSettings, _ variant: VariantSettings) throws -> WorkloadPlan {
        let question = try question(settings, variant)
        let point = points.immediate(question)
        let engine = EngineFacts(variant.engine)
        let context = PolicyContext(
            profile: question.profile, slo: settings.objective, operatingPoint: point,
            startUpMedian: engine.expectedStartUp, inTimeFirst: settings.routing.order == .slo,
            settings: configuration.policy, staticReplicas: settings.bounds.max)
        var workload = Workload(
            id: settings.id, priority: settings.priority, objective: settings.objective, bounds: settings.bounds,
            idleTimeToZero: settings.idleTimeToZero)
        workload.isActedOn = settings.isActedOn && !engine.isWatched
        return WorkloadPlan(
            workload: workload, variant: variant.id, weight: variant.weight, startUp: engine.startUp,
            drainDeadline: engine.drainDeadline, isWatched: engine.isWatched,
            policyName: configuration.controller.policy,
            policy: try PolicyCatalog.make(configuration.controller.policy, context: context),
            policyBasis: "\(context)",
            guards: WorkloadPlans.guards(around: configuration.controller.policy))
    }
}

/// What an engine says about the life of its replicas.
private struct EngineFacts {
    var isWatched: Bool
    var expectedStartUp: Duration
    var startDeadline: Duration
    var drainDeadline: Duration

    init(_ engine: EngineSettings) {
        switch engine {
        case .processes(let settings):
            isWatched = false
            expectedStartUp = settings.expectedStartUp
            startDeadline = settings.startDeadline
            drainDeadline = settings.drainDeadline
        case .fixed:
            isWatched = true
            expectedStartUp = .seconds(60)
            startDeadline = .seconds(600)
            drainDeadline = .seconds(600)
        }
    }

    var startUp: StartUpExpectation {
        StartUpExpectation(expected: expectedStartUp, deadline: max(startDeadline, expectedStartUp + .seconds(1)))
    }
}
