import Control
import Fleet
import Performance
import Testing

@testable import Policies

/// A policy on a stage: a sample a second, shaped by the test; replicas become ready after a fixed time.
struct PolicyStage {
    var policy: any ScalingPolicy
    var desired: Int
    var bounds = ReplicaBounds(min: 1, max: 1000)
    var startUpSeconds = 0
    /// What is said of starts; nil where nobody learns it.
    var startUp: StartUpEstimate?
    /// What the policy wanted last, before bounds.
    private(set) var proposed = 0
    private(set) var reason = PlanReason.steady
    private(set) var seconds = 0
    private var history = SampleHistory()
    private var sample = WorkloadSample(at: Instant(seconds: 0))
    private var nextDecision: Instant?
    private var readyAt: [Int] = []

    init(_ policy: any ScalingPolicy, desired: Int) {
        self.policy = policy
        self.desired = desired
        readyAt = Array(repeating: 0, count: desired)
        nextDecision = policy.nextDecision(after: Instant(seconds: 0), isFirst: true)
    }

    /// Runs on; `shape` sets each second's gauges and advances its counters.
    mutating func run(seconds count: Int, _ shape: (inout WorkloadSample) -> Void) {
        for _ in 0..<count {
            seconds += 1
            let now = Instant(seconds: Double(seconds))
            sample.at = now
            let ready = readyAt.filter { $0 <= seconds }.count
            sample.replicas = (0..<ready).map { .idle($0) }
            shape(&sample)
            sample.inFlightSeconds += Double(sample.inFlightRequests)
            history.append(sample)
            if let due = nextDecision, due <= now { decide(at: now, ready: ready) }
        }
    }

    private func input(at now: Instant, ready: Int) -> PolicyInput {
        PolicyInput(
            now: now, samples: SampleView(history, through: policy.observationDelay.horizon(at: now)),
            desired: desired, ready: ready, starting: readyAt.count - ready, draining: 0, bounds: bounds,
            startUp: startUp)
    }

    /// What it says that the present load needs.
    var presentNeed: Int? {
        policy.presentNeed(
            input(at: Instant(seconds: Double(seconds)), ready: readyAt.filter { $0 <= seconds }.count))
    }

    private mutating func decide(at now: Instant, ready: Int) {
        let decision = policy.decide(input(at: now, ready: ready))
        reason = decision.reason
        proposed = decision.desired
        desired = bounds.clamp(decision.desired)
        while readyAt.count < desired { readyAt.append(seconds + startUpSeconds) }
        if readyAt.count > desired { readyAt.removeLast(readyAt.count - desired) }
        nextDecision = policy.nextDecision(after: now, isFirst: false)
    }
}

extension ReplicaSample {
    static func idle(_ number: Int) -> ReplicaSample {
        ReplicaSample(
            id: ReplicaID(number), isReady: true, runningRequests: 0, waitingRequests: 0, decodingRequests: 0,
            prefillQueuedTokens: 0, contextTokens: 0, reservedTokens: 0)
    }
}

extension PolicyContext {
    /// A replica carries 4 requests/s of 1,000 + 101 tokens with 10 in flight; the profile is the plant's 8b-a100.
    static func example(knob: Double = 1, staticReplicas: Int? = nil) -> PolicyContext {
        let profile = PerformanceProfile(
            name: "8b-a100", accelerators: 1, decode: (c0: 14.14e-3, c1: 92.8e-6, c2: 124.4e-9),
            prefill: (c3: 63.1e-6, c4: 8e-3), chunkTokens: 512, maxBatch: 256, kvTokens: 430_000,
            backlogSeconds: 0.25,
            power: .init(
                idle: Power(watts: 63), busy: Power(watts: 235), perSequence: Power(watts: 1.31), isAssumed: false),
            price: Price(perAcceleratorHour: 2))
        let point = OperatingPoint(
            steadyRate: 4, steadyConcurrency: 10, fluidBatch: 20,
            shape: RequestShape(promptTokens: 1000, outputTokens: 101))
        return PolicyContext(
            profile: profile, slo: .reference, operatingPoint: point, startUpMedian: .seconds(60), knob: knob,
            staticReplicas: staticReplicas)
    }
}

/// Plays `load`, one figure per step, and compares the fleet at the end of each step; both are drawn as words.
func expect(
    _ policy: any ScalingPolicy, from desired: Int, step: Int, startUpSeconds: Int = 0, load: String, replicas: String,
    as shape: (inout WorkloadSample, Int) -> Void = { $0.runningRequests = $1 },
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var stage = PolicyStage(policy, desired: desired)
    stage.startUpSeconds = startUpSeconds
    let fleet = load.split(separator: " ").compactMap { Int($0) }.map { figure in
        stage.run(seconds: step) { shape(&$0, figure) }
        return String(stage.desired)
    }
    #expect(fleet.joined(separator: " ") == replicas, sourceLocation: sourceLocation)
}
