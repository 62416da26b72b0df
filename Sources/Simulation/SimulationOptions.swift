internal import Control
package import Fleet
package import Performance
internal import RealModule
package import Routing

/// What a simulated run is made of besides the trace, the profile and the policy. The defaults are the reference plant.
package struct SimulationOptions: Hashable, Sendable {
    /// What is served: its objective and bounds.
    package var workload = Workload(
        id: WorkloadID("workload"), bounds: ReplicaBounds(min: 1, max: 1_000_000), idleTimeToZero: .seconds(300))
    package var startUp = StartUpModel(median: .seconds(60), spread: 2)
    /// Seconds that the first starts take, in the order of their orders, instead of drawing them; later ones are drawn.
    package var startUpTimes: [Double] = []
    /// A guarded controller gives up starts that take longer; nil is ten times the median.
    package var startDeadline: Duration?
    package var binding = Binding.late
    package var choice = ReplicaChoice.leastOutstandingTokens
    /// Who goes first; `slo` wants late binding.
    package var order = DispatchOrder.fcfs
    /// For the order `slo`: the share of the inter-token objective that a replica fills; nil takes the pacing's default.
    package var pacing: Double?
    /// Requests that may wait centrally. Beyond it they are refused, which counts as missed.
    package var queueLimit = Int.max
    /// Seconds from time zero from which requests, bill and energy count.
    package var measureFrom = 0.0
    /// Replicas that are ready when the run starts.
    package var initialReady = 1
    package var seed: UInt64 = 1
    /// Seconds between two samples of the fleet; policies are made for 1, a fleet that stays as it is needs few.
    package var sampleInterval = 1.0
    /// Seconds after the last arrival at which the run ends, whatever is unfinished.
    package var drainLimit = 600.0

    // MARK: Beyond the reference plant

    /// Where replicas take their accelerators from; nil means there is always room.
    package var pool: NodePool?
    package var warmPool: WarmPool?
    /// How replicas give out the memory for context; `onDemand` wants early binding.
    package var memory = MemoryRule.reserved
    package var faults: [Fault] = []

    // MARK: What is written down

    /// Width of the timeline's intervals in seconds; nil records none.
    package var timelineWidth: Double?
    package var recordsDecisions = false

    package init() {}

    /// What the controller is told of starts: their median, and that ten times as long is too long.
    var startUpExpectation: StartUpExpectation {
        StartUpExpectation(expected: startUp.median, deadline: startDeadline ?? startUp.median * 10 + .seconds(10))
    }

    package var slo: ServiceLevelObjective {
        get { workload.objective }
        set { workload.objective = newValue }
    }

    package var bounds: ReplicaBounds {
        get { workload.bounds }
        set { workload.bounds = newValue }
    }
}

/// How long a replica takes from its start order until it is ready.
package struct StartUpModel: Hashable, Sendable {
    package var median: Duration
    /// 95th percentile over median; 1 means exactly the median.
    package var spread: Double

    /// - Parameters:
    ///   - median: zero or more.
    ///   - spread: at least 1.
    package init(median: Duration, spread: Double) {
        precondition(
            median >= .zero && spread >= 1, "a start-up time is not negative, and its p95 not below its median")
        self.median = median
        self.spread = spread
    }

    /// Standard deviation of the logarithm: `ln(p95 / median) / 1.6449`.
    var sigma: Double { Double.log(spread) / 1.6449 }

    /// Seconds that a start takes on average.
    package var meanSeconds: Double { median.seconds * Double.exp(sigma * sigma / 2) }
}

/// Replicas kept loaded but out of service, so that a start takes little time. They are billed all the time.
package struct WarmPool: Hashable, Sendable {
    package var size: Int
    /// From the order until ready, when one is at hand. Its successor takes a normal start-up to get there.
    package var startUp: Duration

    /// - Parameters:
    ///   - size: at least 1.
    ///   - startUp: zero or more.
    package init(size: Int, startUp: Duration) {
        precondition(size >= 1 && startUp >= .zero, "a warm pool holds at least one replica")
        self.size = size
        self.startUp = startUp
    }
}

/// Something that goes wrong, as an input of a run. Instants are seconds from time zero.
package enum Fault: Hashable, Sendable {
    /// The replica is gone. Requests without a first token are queued again in front; the others fail.
    case crash(ReplicaID, at: Double)
    /// The replica, or with nil every one that runs or starts, runs at `factor` of its speed in between: as if the profile
    /// were of another engine.
    case slow(ReplicaID?, factor: Double, from: Double, until: Double)
    /// The start with this ordinal (0 is the first of the run) fails when it should have become ready.
    case failedStart(ordinal: Int)
    /// Samples taken in between never reach the controller.
    case metricsLost(from: Double, until: Double)
    /// Samples taken in between reach it this much later.
    case metricsLate(by: Double, from: Double, until: Double)
}
