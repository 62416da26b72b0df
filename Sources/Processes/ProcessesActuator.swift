package import Configuration
internal import Dispatch
internal import Fleet
internal import Foundation
internal import Glibc
package import Logging
package import Runtime
internal import Synchronization

/// Replicas as processes of this machine. One thread of its own starts, asks, watches and ends them; orders are handed to it
/// and outcomes come from it.
package final class ProcessesActuator: Actuator {
    private let inbox = Mutex(SupervisionInbox())
    private let published = Mutex<[ReplicaRecord]>([])
    private let handler = Mutex<(@Sendable (ActuatorOutcome) -> Void)?>(nil)
    private let bell: SupervisionBell
    private let ended = DispatchSemaphore(value: 0)

    /// How the limits of replicas are kept on this machine, in words.
    package let limitSummary: String

    /// Takes the state folder; nothing is started or stopped yet.
    ///
    /// - Parameters:
    ///   - workloads: those with the engine `processes` can be started; others are passed over.
    ///   - pools: all pools of the configuration, in its order, which numbers the accelerators.
    ///   - stateFolder: the same for every controller of this fleet.
    ///   - logger: for what operators expect to see.
    /// - Throws: `ProcessesError` when the folder cannot be used or another controller has it.
    package init(
        workloads: [WorkloadSettings], pools: [NodePoolSettings], stateFolder: String, logger: Logger
    ) throws {
        let store = try ReplicaStore(stateFolder: stateFolder)
        let host = ControlGroupHost.ofThisProcess()
        limitSummary = host.summary
        bell = try SupervisionBell()
        logger.info("limits of replicas", metadata: ["kept": "\(host.summary)"])
        let thread = Thread { [self] in
            let supervision = Supervision(
                store: store, host: host, workloads: workloads, pools: pools, logger: logger,
                report: { [self] in report($0, list: $1) })
            run(supervision)
        }
        thread.name = "tideway-processes"
        thread.start()
    }

    package func report(to handler: @escaping @Sendable (ActuatorOutcome) -> Void) {
        self.handler.withLock { $0 = handler }
    }

    package func adopt(_ records: [ReplicaRecord]) -> [ReplicaRecord] {
        let done = DispatchSemaphore(value: 0)
        give {
            $0.adoption = SupervisionInbox.Adoption(records: records) { done.signal() }
        }
        done.wait()
        return list()
    }

    package func start(_ order: StartOrder) {
        let order = SupervisionInbox.Order.start(
            order, orderedAt: Date().timeIntervalSince1970, orderedAtSeconds: monotonicSeconds())
        give { $0.orders.append(order) }
    }

    package func cancel(_ replica: ReplicaName) {
        give { $0.add(.cancel(replica)) }
    }

    package func stop(_ replica: ReplicaName, deadline: Duration?) {
        give { $0.add(.stop(replica, deadline: deadline?.seconds)) }
    }

    package func list() -> [ReplicaRecord] { published.withLock { $0 } }

    /// Changed settings, for replicas that are started from now on. Those that run keep what they were started with.
    package func configure(workloads: [WorkloadSettings], pools: [NodePoolSettings]) {
        give { $0.configuration = SupervisionInbox.Configuration(workloads: workloads, pools: pools) }
    }

    /// Lets go of everything: replicas live on, and whoever takes the state folder next adopts them. Call it once.
    package func close() {
        give { $0.isClosing = true }
        ended.wait()
    }

    private func give(_ change: (inout SupervisionInbox) -> Void) {
        inbox.withLock { change(&$0) }
        bell.ring()
    }

    private func report(_ outcome: ActuatorOutcome?, list: [ReplicaRecord]) {
        published.withLock { $0 = list }
        if let outcome { handler.withLock { $0 }?(outcome) }
    }

    /// The thread: takes orders, lets time pass, waits for what happens next.
    private func run(_ supervision: consuming Supervision) {
        var supervision = supervision
        while true {
            let given = inbox.withLock { inbox in
                defer { inbox = SupervisionInbox() }
                return inbox
            }
            if given.isClosing { break }
            supervision.take(given)
            supervision.wait(bell)
        }
        supervision.store.release()
        ended.signal()
    }
}
