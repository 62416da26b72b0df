package import Control
internal import Fleet

/// The policies by name, in the order of tables: references first, then the peers, then Tideway's own.
///
/// `schedule` is not among them: it is made from a schedule, not from a context.
package enum PolicyCatalog {
    /// What is known of one policy without running it.
    package struct Entry: Sendable {
        package let name: String
        /// Whether it is another project's rule, with that project's settings.
        package let isPeer: Bool
        /// One line for help and reports.
        package let summary: String
        /// Where the rule comes from.
        package let source: String
        fileprivate let make: @Sendable (PolicyContext) throws -> any ScalingPolicy
    }

    /// All policies, in the order of tables.
    package static let entries: [Entry] = references + kubernetesPeers + servingPeers + dynamoPeers + own

    /// Their names, in the order of tables.
    package static var names: [String] { entries.map(\.name) }

    /// The policy of that name; nil when there is none.
    package static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// A fresh policy.
    ///
    /// - Parameters:
    ///   - name: one of `names`.
    ///   - context: what it knows beforehand.
    /// - Returns: the policy, before its first decision.
    /// - Throws: `PolicyError`: no such policy (naming the nearest), or one that needs what the context does not give.
    package static func make(_ name: String, context: PolicyContext) throws -> any ScalingPolicy {
        guard let entry = entry(name) else { throw PolicyError.unknown(name, known: names) }
        return try entry.make(context)
    }
}

extension PolicyCatalog {
    fileprivate static let references = [
        Entry(
            name: "static", isPeer: false, summary: "the same fleet always", source: "the reference plant, section 7"
        ) {
            guard let replicas = $0.staticReplicas else { throw PolicyError.missingStaticReplicas }
            return StaticPolicy(replicas: Int(covering: Double(replicas) * $0.knob))
        },
        Entry(
            name: "forecast", isPeer: false, summary: "naive: last minute's demand and its slope, 20 % margin",
            source: "the reference plant, section 9"
        ) { ForecastPolicy($0) },
    ]

    fileprivate static let kubernetesPeers = [
        Entry(
            name: "hpa", isPeer: true, summary: "Kubernetes HPA on requests in flight",
            source: "kubernetes/kubernetes, pkg/controller/podautoscaler"
        ) { HPAPolicy($0) },
        Entry(
            name: "keda-queue", isPeer: true, summary: "KEDA on waiting requests, threshold 5",
            source: "kedacore/keda, pkg/scaling/executor"
        ) { KEDAPolicy($0, withConcurrency: false) },
        Entry(
            name: "keda-queue+conc", isPeer: true, summary: "KEDA on waiting requests and requests in flight",
            source: "kedacore/keda, pkg/scaling/executor"
        ) { KEDAPolicy($0, withConcurrency: true) },
        Entry(
            name: "knative-kpa", isPeer: true, summary: "Knative pod autoscaler, stable and panic windows",
            source: "knative/serving, pkg/autoscaler/scaling"
        ) { KnativePolicy($0) },
    ]

    fileprivate static let servingPeers = [
        Entry(
            name: "ray-serve", isPeer: true, summary: "Ray Serve on ongoing requests, up after 30 s, down after 600 s",
            source: "ray-project/ray, python/ray/serve/autoscaling_policy.py"
        ) { RayServePolicy($0) },
        Entry(
            name: "aibrix-apa", isPeer: true, summary: "AIBrix APA as written (its cool-down shrinks to the minimum)",
            source: "vllm-project/aibrix, pkg/controller/podautoscaler"
        ) { AIBrixPolicy($0, coolDown: .asWritten) },
        Entry(
            name: "aibrix-apa-fixed", isPeer: true, summary: "AIBrix APA with its cool-down as intended",
            source: "vllm-project/aibrix, pkg/controller/podautoscaler"
        ) { AIBrixPolicy($0, coolDown: .fixed) },
        Entry(
            name: "wva-v2", isPeer: true, summary: "llm-d WVA token analyzer (V2), then an HPA",
            source: "llm-d WVA, internal/engines/analyzers/saturation_v2"
        ) { WVAPolicy($0) },
        Entry(
            name: "kthena", isPeer: true, summary: "kthena on requests in flight, with its panic mode",
            source: "volcano-sh/kthena, pkg/autoscaler"
        ) { KthenaPolicy($0) },
        Entry(
            name: "skyserve", isPeer: true, summary: "SkyServe on the request rate, up after 300 s, down after 1200 s",
            source: "skypilot-org/skypilot, sky/serve/autoscalers.py"
        ) { SkyServePolicy($0) },
    ]

    fileprivate static let dynamoPeers =
        [(180, false), (180, true), (60, false), (60, true)].map { seconds, followsTrend in
            Entry(
                name: "dynamo-thr\(seconds)-\(followsTrend ? "kalman" : "const")", isPeer: true,
                summary: "Dynamo planner, throughput mode every \(seconds) s, "
                    + (followsTrend ? "Kalman trend" : "last value"),
                source: "ai-dynamo/dynamo, planner/core/throughput_scaling.py"
            ) { DynamoThroughputPolicy($0, intervalSeconds: seconds, followsTrend: followsTrend) }
        } + [
            Entry(
                name: "dynamo-load", isPeer: true, summary: "Dynamo planner, load mode: one step by latency estimates",
                source: "ai-dynamo/dynamo, planner/core/load_scaling.py"
            ) { DynamoLoadPolicy($0, withThroughput: false) },
            Entry(
                name: "dynamo-both", isPeer: true, summary: "Dynamo planner, load mode above the throughput mode",
                source: "ai-dynamo/dynamo, planner/core/load_scaling.py"
            ) { DynamoLoadPolicy($0, withThroughput: true) },
        ]

    fileprivate static let own = [
        Entry(
            name: "tideway", isPeer: false,
            summary: "forecast over the start-up time, capacity curve, reactive guard, economic scale-down",
            source: "docs/policy.md"
        ) { TidewayPolicy($0, settings: $0.settings) }
    ]
}
