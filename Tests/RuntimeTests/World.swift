import Control
import Fleet
import Link
import Testing

@testable import Runtime

/// A controller with a gateway and processes that are played, by a clock of its own.
final class World {
    struct Process {
        var record: ReplicaRecord
        var readyAt: Double
        var isStopping = false
    }

    static let origin = 1_000_000.0
    static let startUp = 1.5
    let chat = WorkloadID("chat")
    let folder: Folder
    var now = World.origin
    var plans: [WorkloadPlan]
    var controller: FleetController?
    var journal: Journal?

    /// What really runs.
    var processes: [ReplicaName: Process] = [:]
    /// Start orders, by name.
    var starts: [ReplicaName: Int] = [:]
    var nextProcess: Int32 = 100
    var nextFault: ActuatorOutcome?
    /// Start orders are heard and not carried out.
    var swallowsStarts = false

    /// What the gateway has.
    var fleet: [ReplicaAddress] = []
    var isGatewayUp = true
    var isConnected = false
    /// When a draining replica has finished what it had.
    var drainSeconds = 0.7
    /// The gateway answers that there is nothing to drain.
    var refusesDrains = false
    var arrived = 0

    var learned: [WorkloadID: [UInt8]] = [:]
    var effects: [ControllerEffect] = []
    private var queue: [(time: Double, order: Int, input: ControllerInput)] = []
    private var order = 0

    init(
        _ steps: [Int], bounds: ReplicaBounds = ReplicaBounds(min: 0, max: 10),
        learned: (from: Double, times: EngineTimes)? = nil
    ) throws {
        folder = try Folder()
        let workload = Workload(id: chat, bounds: bounds)
        plans = [
            WorkloadPlan(
                workload: workload, variant: VariantID("small"), drainDeadline: .seconds(30), policyName: "steps",
                policy: StepPolicy(steps: steps, origin: World.origin, learned: learned))
        ]
    }

    /// A controller begins, on what the journal and the processes say.
    func boot() throws {
        let journal = try Journal(path: folder.file("journal"))
        var controller = FleetController(plans: plans, operation: ControlOperation(mode: .act))
        for process in processes.values.sorted(by: { $0.record.name < $1.record.name }) {
            later(max(process.readyAt, now), .outcome(.ready(process.record)))
        }
        let running = processes.values.map(\.record).sorted { $0.name < $1.name }
        let first = controller.begin(
            journal: journal.state, learned: learned, running: running, at: Instant(seconds: now))
        (self.controller, self.journal) = (controller, journal)
        try carryOut(first)
        if isGatewayUp { try connect() }
    }

    func connect() throws {
        isConnected = true
        try give(.gateway(.hello(version: 1, fleet: [FleetUpdate(workload: chat.description, replicas: fleet)])))
        for address in fleet where address.isDraining { drainLater(address.number) }
    }

    /// It ends without a word; what it had asked of the world goes on.
    func crash(journalBytes: Int? = nil) throws {
        (controller, journal) = (nil, nil)
        queue = []
        isConnected = false
        if let journalBytes { try folder.write(Array(folder.bytes("journal").prefix(journalBytes)), "journal") }
    }

    func later(_ time: Double, _ input: ControllerInput) {
        order += 1
        queue.append((time, order, input))
    }

    func give(_ input: ControllerInput) throws {
        guard controller != nil else { return }
        if case .outcome(.stopped(let name)) = input { processes[name] = nil }
        let result = controller?.on(input, at: Instant(seconds: now)) ?? []
        try carryOut(result)
    }

    /// Lets time pass, with a sample each second.
    func run(_ seconds: Double) throws {
        let end = now + seconds
        while let next = queue.enumerated().min(by: {
            ($0.element.time, $0.element.order) < ($1.element.time, $1.element.order)
        }),
            next.element.time <= end
        {
            queue.remove(at: next.offset)
            now = max(now, next.element.time)
            try give(next.element.input)
        }
        now = end
    }

    func sample() throws {
        var sample = GatewaySample(workload: chat.description)
        sample.time = now
        arrived += 1
        sample.arrivedRequests = arrived
        sample.replicas = fleet.map {
            GatewayReplicaSample(number: $0.number, isReady: !$0.isDraining, runningRequests: 1, reservedTokens: 9)
        }
        try give(.gateway(.sample(sample)))
    }

    private func carryOut(_ effects: [ControllerEffect]) throws {
        self.effects += effects
        for effect in effects {
            switch effect {
            case .journal(let entry, let isOrder): try journal?.append([entry], isDurable: isOrder && false)
            case .tellGateway(let message): tell(message)
            case .start(let order): start(order)
            case .cancel(let name):
                if let process = processes[name], process.readyAt > now {
                    end(name)
                } else if processes[name] == nil {
                    end(name)
                }
            case .stop(let name, _): end(name)
            case .schedule(let timer, let instant): later(instant.seconds, .timer(timer))
            case .learned(let id, let bytes): learned[id] = bytes
            case .decided, .notice, .finished: break
            }
        }
    }

    private func start(_ order: StartOrder) {
        starts[order.name, default: 0] += 1
        guard processes[order.name] == nil, !swallowsStarts else { return }
        if let fault = nextFault {
            nextFault = nil
            return later(now, .outcome(fault))
        }
        nextProcess += 1
        let record = ReplicaRecord(
            name: order.name, variant: order.variant, host: "127.0.0.1", port: Int(nextProcess) + 4000,
            processID: nextProcess, processStart: 1, orderedAt: Instant(seconds: now))
        processes[order.name] = Process(record: record, readyAt: now + World.startUp)
        later(now, .outcome(.launched(record)))
        later(now + World.startUp, .outcome(.ready(record)))
    }

    private func end(_ name: ReplicaName) {
        queue.removeAll { if case .outcome(.ready(let record)) = $0.input { record.name == name } else { false } }
        processes[name] = nil
        later(now + 0.1, .outcome(.stopped(name)))
    }

    func kill(_ name: ReplicaName) throws {
        processes[name] = nil
        queue.removeAll { if case .outcome(.ready(let record)) = $0.input { record.name == name } else { false } }
        try give(.outcome(.lost(name, reason: "killed")))
    }

    private func tell(_ message: ControllerMessage) {
        guard isConnected else { return }
        switch message {
        case .hello: break
        case .fleet(let update):
            let draining = Set(fleet.filter(\.isDraining).map(\.number))
            fleet = update.replicas
            for index in fleet.indices where draining.contains(fleet[index].number) { fleet[index].isDraining = true }
            for address in fleet where address.isDraining { drainLater(address.number) }
        case .drainOne:
            guard !refusesDrains, let index = fleet.lastIndex(where: { !$0.isDraining }) else {
                return later(now, .gateway(.drainRefused(workload: chat.description, reason: "played")))
            }
            fleet[index].isDraining = true
            later(now, .gateway(.drainBegan(workload: chat.description, replica: fleet[index].number)))
            drainLater(fleet[index].number)
        }
    }

    private func drainLater(_ number: Int) {
        later(now + drainSeconds, .gateway(.drained(workload: chat.description, replica: number)))
    }

    func name(_ number: Int) -> ReplicaName { ReplicaName(chat, ReplicaID(number)) }
    var running: [Int] { processes.keys.map(\.replica.number).sorted() }
    var routed: [Int] { fleet.filter { !$0.isDraining }.map(\.number) }
    var status: ControllerStatusView { ControllerStatusView(controller) }
}

/// The counts of the one workload.
struct ControllerStatusView {
    var ready = 0
    var starting = 0
    var draining = 0

    init(_ controller: FleetController?) {
        guard let workload = controller?.status(processID: 1, startedAt: Instant(seconds: 0)).workloads.first else {
            return
        }
        (ready, starting, draining) = (workload.ready, workload.starting, workload.draining)
    }
}
