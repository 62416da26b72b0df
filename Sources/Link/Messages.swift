// What gateway and controller tell each other over their local socket: JSON, one message a line.

package import Fleet

/// What the controller tells the gateway.
package enum ControllerMessage: Hashable, Sendable, Codable {
    /// The first message of a connection.
    case hello(version: Int)
    /// All replicas of a workload that the gateway may know; others are gone.
    case fleet(FleetUpdate)
    /// Choose a replica of this workload to drain, and answer `drainBegan`, or `drainRefused` when there is none.
    case drainOne(workload: String)
}

/// The replicas of one workload.
package struct FleetUpdate: Hashable, Sendable, Codable {
    package var workload: String
    package var replicas: [ReplicaAddress]
    /// How long their engines take; nil where nothing is known beyond their profile.
    package var engineTimes: EngineTimes?

    package init(workload: String, replicas: [ReplicaAddress], engineTimes: EngineTimes? = nil) {
        self.workload = workload
        self.replicas = replicas
        self.engineTimes = engineTimes
    }
}

/// Where a replica that is up listens, and what it admits.
package struct ReplicaAddress: Hashable, Sendable, Codable {
    /// `ReplicaID.number`.
    package var number: Int
    package var host: String
    package var port: Int
    /// Takes nothing new; finishes what it has.
    package var isDraining: Bool
    /// The relative share in weighted round robin, at least 1.
    package var weight: Int

    package init(number: Int, host: String, port: Int, isDraining: Bool = false, weight: Int = 1) {
        self.number = number
        self.host = host
        self.port = port
        self.isDraining = isDraining
        self.weight = weight
    }
}

/// What the gateway tells the controller.
package enum GatewayMessage: Hashable, Sendable, Codable {
    /// The first message of a connection: what the gateway has. A replica that the controller does not know is an orphan.
    case hello(version: Int, fleet: [FleetUpdate])
    /// Counters and gauges of a workload; once a second, and at once when requests begin to wait.
    case sample(GatewaySample)
    /// The answer to `drainOne`.
    case drainBegan(workload: String, replica: Int)
    /// The other answer to `drainOne`: there is no replica to drain; says why.
    case drainRefused(workload: String, reason: String)
    /// A draining replica has nothing in flight any more: it may be stopped.
    case drained(workload: String, replica: Int)
    /// A replica failed so often that it gets no requests for now.
    case ejected(workload: String, replica: Int, reason: String)
}

/// Counters and gauges of one workload at the gateway. Counters run from the gateway's start and never fall.
package struct GatewaySample: Hashable, Sendable, Codable {
    package var workload: String
    /// Seconds since 1970 by the gateway's clock.
    package var time: Double = 0

    package var arrivedRequests = 0
    package var arrivedPromptTokens = 0
    package var finishedRequests = 0
    package var finishedPromptTokens = 0
    package var finishedOutputTokens = 0
    /// Tokens after the first, of finished streams, and the time from their first to their last.
    package var timedTokens = 0
    package var decodeSeconds = 0.0
    /// Answers within all limits of the objective.
    package var goodRequests = 0
    /// Refused at the gateway: queue full, deadline passed.
    package var refusedRequests = 0
    /// Answers that failed or were cut.
    package var failedRequests = 0
    package var inFlightSeconds = 0.0

    package var queuedRequests = 0
    package var queuedPromptTokens = 0
    package var runningRequests = 0
    package var replicas: [GatewayReplicaSample] = []

    package init(workload: String) { self.workload = workload }
}

/// One replica as the gateway sees it.
package struct GatewayReplicaSample: Hashable, Sendable, Codable {
    package var number: Int
    package var isReady: Bool
    package var runningRequests: Int
    /// Tokens of running requests: prompts, and the output that may come.
    package var reservedTokens: Int

    package init(number: Int, isReady: Bool, runningRequests: Int, reservedTokens: Int) {
        self.number = number
        self.isReady = isReady
        self.runningRequests = runningRequests
        self.reservedTokens = reservedTokens
    }
}
