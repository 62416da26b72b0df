/// What a person asks the controller.
package enum AdminRequest: Hashable, Sendable, Codable {
    case status
    /// Nothing is started or stopped until `thaw`.
    case freeze
    case thaw
    /// One of `observe`, `advise`, `act`.
    case mode(String)
}

/// What the controller answers.
package enum AdminReply: Hashable, Sendable, Codable {
    case status(ControllerStatus)
    /// Done; a sentence about what holds now.
    case done(String)
    /// Not done; a sentence about why, and what to do.
    case refused(String)
}

extension AdminRequest: QueuedMessage {
    package var queueKey: String? { nil }
}

extension AdminReply: QueuedMessage {
    package var queueKey: String? { nil }
}

/// How the controller stands.
package struct ControllerStatus: Hashable, Sendable, Codable {
    package var processID: Int32
    /// Seconds since 1970.
    package var startedAt: Double
    package var mode: String
    package var isFrozen: Bool
    package var isGatewayConnected: Bool
    package var workloads: [WorkloadStatus]

    package init(
        processID: Int32, startedAt: Double, mode: String, isFrozen: Bool, isGatewayConnected: Bool,
        workloads: [WorkloadStatus]
    ) {
        self.processID = processID
        self.startedAt = startedAt
        self.mode = mode
        self.isFrozen = isFrozen
        self.isGatewayConnected = isGatewayConnected
        self.workloads = workloads
    }
}

/// How one workload stands. Counters run from the gateway's start; nil is what nobody has measured yet.
package struct WorkloadStatus: Hashable, Sendable, Codable {
    package var id: String
    /// The mode in which it is controlled: the controller's, `observe` where it is not acted on, or `fixed`.
    package var mode: String
    package var policy: String
    package var desired: Int?
    package var ready = 0
    package var starting = 0
    package var draining = 0
    package var runningRequests: Int?
    package var queuedRequests: Int?
    package var finishedRequests: Int?
    package var goodRequests: Int?
    package var offeredRequests: Int?
    package var refusedRequests: Int?
    package var failedRequests: Int?
    package var lastDecision: LastDecision?
    package var replicas: [ReplicaStatus] = []

    /// What was decided last.
    package struct LastDecision: Hashable, Sendable, Codable {
        /// Seconds since 1970.
        package var time: Double
        package var proposed: Int
        package var desired: Int
        package var reason: String

        package init(time: Double, proposed: Int, desired: Int, reason: String) {
            self.time = time
            self.proposed = proposed
            self.desired = desired
            self.reason = reason
        }
    }

    /// Ready and starting.
    package var current: Int { ready + starting }

    /// Good requests over those that are settled: finished, refused or failed; nil before the first.
    package var attainment: Double? {
        guard let goodRequests, let finishedRequests else { return nil }
        let settled = finishedRequests + (refusedRequests ?? 0) + (failedRequests ?? 0)
        return settled == 0 ? nil : Double(goodRequests) / Double(settled)
    }

    package init(id: String, mode: String, policy: String) {
        self.id = id
        self.mode = mode
        self.policy = policy
    }
}

/// How one replica stands.
package struct ReplicaStatus: Hashable, Sendable, Codable {
    package var number: Int
    /// One of `ReplicaState`'s words.
    package var state: String
    package var host: String?
    package var port: Int?
    package var processID: Int32?

    package init(number: Int, state: String, host: String? = nil, port: Int? = nil, processID: Int32? = nil) {
        self.number = number
        self.state = state
        self.host = host
        self.port = port
        self.processID = processID
    }
}
