package import Fleet
package import Policies

/// Everything that `tideway.yaml` says, with defaults filled in. `docs/configuration.md` explains each key.
package struct TidewayConfiguration: Hashable, Sendable {
    package var workloads: [WorkloadSettings] = []
    package var nodePools: [NodePoolSettings] = []
    package var gateway = GatewaySettings()
    package var controller = ControllerSettings()
    /// Of the policy `tideway`.
    package var policy = TidewaySettings()
    package var telemetry = TelemetrySettings()
    /// Folder of the journal, the sockets and the replicas' working folders; absolute.
    package var stateFolder = ".tideway"

    package init() {}
}

/// What is served to users under one name, and how.
package struct WorkloadSettings: Hashable, Sendable {
    package var id: WorkloadID
    package var objective = ServiceLevelObjective.reference
    /// Higher goes first where two workloads want the same accelerators.
    package var priority = 0
    package var bounds = ReplicaBounds(min: 0, max: 1)
    /// A workload whose bounds allow zero replicas is stopped after this time without a request.
    package var idleTimeToZero = Duration.seconds(600)
    /// Names by which requests ask for it; its id is always one.
    package var modelNames: [String] = []
    /// Requests whose path begins so are its own, whatever their body says; nil when the model's name decides.
    package var pathPrefix: String?
    package var queue = QueueSettings()
    package var routing = RoutingSettings()
    /// What requests are expected to look like before any were seen.
    package var expectedShape = ExpectedShape()
    /// False: what Tideway would do is recorded, and not done, whatever the mode of the controller is.
    package var isActedOn = true
    /// At least one; the first is scaled.
    package var variants: [VariantSettings] = []

    package init(id: WorkloadID) { self.id = id }
}

/// Tokens of a request, before any was seen.
package struct ExpectedShape: Hashable, Sendable {
    package var promptTokens = 512
    package var outputTokens = 128
    /// Whether every request has just these lengths, whatever an answer says: a service that is no language model.
    package var isFixed = false
    package init() {}

    /// Of a service: what its profile means by one request.
    ///
    /// - Parameter outputTokens: of each request.
    /// - Returns: fixed lengths; the prompt does not matter.
    package static func service(outputTokens: Int) -> ExpectedShape {
        var shape = ExpectedShape()
        (shape.promptTokens, shape.outputTokens, shape.isFixed) = (1, outputTokens, true)
        return shape
    }
}

/// Requests that wait at the gateway for a replica.
package struct QueueSettings: Hashable, Sendable {
    package var requestLimit = 1000
    /// Bodies of the requests that wait, in bytes.
    package var byteLimit = 64 << 20
    /// A request that waited so long is answered with 503.
    package var deadline = Duration.seconds(60)
    package init() {}
}

/// How the gateway chooses among replicas and treats those that fail.
package struct RoutingSettings: Hashable, Sendable {
    package enum Choice: String, Hashable, Sendable, CaseIterable {
        case leastOutstandingTokens = "least-outstanding-tokens"
        case leastRequests = "least-requests"
        case roundRobin = "round-robin"
        case weightedRoundRobin = "weighted-round-robin"
        case powerOfTwoChoices = "power-of-two-choices"
    }
    package enum Order: String, Hashable, Sendable, CaseIterable {
        case fcfs
        case slo
    }
    package var choice = Choice.leastOutstandingTokens
    /// Who goes first; without a profile that can be read it is first come, first served.
    package var order = Order.fcfs
    /// Requests with the same value of this header go to the same replica while it is not overloaded; nil for none.
    package var affinityHeader: String?
    /// Retries per request, each on another replica, before the first byte.
    package var retryLimit = 2
    /// Retries at most, as a share of requests (and ten in any ten seconds).
    package var retryBudget = 0.2
    /// Failures in a row after which a replica gets no requests for a while.
    package var ejectAfterFailures = 3
    package var ejectionTime = Duration.seconds(10)
    package init() {}
}

/// One way to run a workload.
package struct VariantSettings: Hashable, Sendable {
    package var id: VariantID
    /// Name of a shipped profile, or a file beside the configuration.
    package var profile: String
    package var engine: EngineSettings
    /// Pool that its replicas take accelerators from; nil for `static`.
    package var pool: NodePoolID?
    package var acceleratorsPerReplica = 1
    /// The relative share in weighted round robin.
    package var weight = 1

    package init(id: VariantID, profile: String, engine: EngineSettings) {
        self.id = id
        self.profile = profile
        self.engine = engine
    }
}

/// What makes and unmakes replicas.
package enum EngineSettings: Hashable, Sendable {
    /// Child processes of the controller on this machine.
    case processes(ProcessSettings)
    /// Servers that run already; they are watched and routed to, never started.
    case fixed(urls: [String])

    /// The key under which it stands in the file.
    package var kind: String {
        switch self {
        case .processes: "processes"
        case .fixed: "static"
        }
    }
}

/// A replica as a process on this machine.
package struct ProcessSettings: Hashable, Sendable {
    /// The program and its arguments; `{port}`, `{replica}`, `{workload}` and `{folder}` are replaced.
    package var command: [String]
    package var environment: [String: String] = [:]
    /// Working folder; nil for a folder of the replica's own under the state folder.
    package var workingFolder: String?
    /// Path that answers 200 when the replica is ready.
    package var readinessPath = "/health"
    package var readinessInterval = Duration.milliseconds(50)
    /// A start that takes longer has failed.
    package var startDeadline = Duration.seconds(600)
    /// What the first starts are expected to take, until they were measured.
    package var expectedStartUp = Duration.seconds(60)
    /// A drain that takes longer ends with the process all the same.
    package var drainDeadline = Duration.seconds(600)
    /// Between SIGTERM and SIGKILL.
    package var stopDeadline = Duration.seconds(10)
    /// Bytes; nil for no limit.
    package var memoryLimit: Int?
    /// Cores; nil for no limit.
    package var cpuLimit: Double?
    /// A log file that grows beyond this is rotated.
    package var logFileLimit = 16 << 20
    package var logFileCount = 3

    package init(command: [String]) { self.command = command }
}

/// Nodes that hold accelerators.
package struct NodePoolSettings: Hashable, Sendable {
    package var id: NodePoolID
    package var acceleratorType = AcceleratorType("accelerator")
    package var nodeCount = 1
    package var acceleratorsPerNode: Int
    package var price: Price?

    package init(id: NodePoolID, acceleratorsPerNode: Int) {
        self.id = id
        self.acceleratorsPerNode = acceleratorsPerNode
    }
}

/// The reverse proxy.
package struct GatewaySettings: Hashable, Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free one, which is printed.
    package var port = 8080
    /// Event loops.
    package var threads = 1
    package var headerByteLimit = 32 << 10
    package var bodyByteLimit = 64 << 20
    /// From the first byte of a request to the end of its headers, and then to the end of its body at each pause.
    package var receiveDeadline = Duration.seconds(30)
    /// From the dispatch to the first byte of the answer.
    package var firstByteDeadline = Duration.seconds(600)
    /// An answer that makes no progress for so long is cut.
    package var progressDeadline = Duration.seconds(300)
    package var connectionIdleTime = Duration.seconds(75)
    package var connectionLimit = 20_000
    /// One line of JSON per request; nil for none, "-" for standard output.
    package var accessLog: String?
    /// A file with a line `KEY TENANT` for each API key; nil when everybody may ask.
    package var apiKeysFile: String?
    /// The name of an environment variable with `KEY=TENANT` pairs separated by commas.
    package var apiKeysVariable: String?

    package init() {}
}

/// The loop that decides.
package struct ControllerSettings: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable, CaseIterable {
        /// Decides and records; nothing is started or stopped.
        case observe
        /// As `observe`, and says what it would do.
        case advise
        case act
    }
    package var mode = Mode.act
    package var policy = "tideway"
    /// On a stop, replicas have this long to finish what they have.
    package var shutdownDeadline = Duration.seconds(30)
    /// Decisions kept in the journal.
    package var historyLimit = 10_000

    package init() {}
}

/// What Tideway tells about itself.
package struct TelemetrySettings: Hashable, Sendable {
    /// How much is logged to standard error: what is less important than this is left out.
    package enum LogLevel: String, Hashable, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error
    }
    package var logLevel = LogLevel.info

    package init() {}
}
