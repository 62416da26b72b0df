internal import Configuration
internal import Fleet
internal import Link
internal import Synchronization

/// What all loops share, and where the present routes are kept.
final class GatewayCore: Sendable {
    /// Fleets of workloads that the gateway does not know (yet) are kept for so many.
    static let unknownFleetLimit = 1024

    private struct State {
        var table: RouteTable
        /// Those of the table, and removed ones that still have replicas or requests.
        var workloads: [Workload]
        /// The controller may read a new configuration before the gateway does.
        var unknownFleets: [String: FleetUpdate] = [:]
    }

    let accessLog: AccessLog?
    /// New requests are refused.
    let isStopping = Atomic<Bool>(false)
    let openConnections = Atomic<Int>(0)
    private let state: Mutex<State>

    init(_ table: RouteTable, accessLog: AccessLog?) {
        self.accessLog = accessLog
        state = Mutex(State(table: table, workloads: table.routes.map(\.workload)))
    }

    /// The present routes. A loop has its own reference to them.
    var table: RouteTable { state.withLock { $0.table } }

    var workloads: [Workload] { state.withLock { $0.workloads } }

    func workload(id: String) -> Workload? { workloads.first { $0.id == id } }

    /// Takes new routes, all at once. Removed workloads finish what they have.
    ///
    /// - Parameters:
    ///   - table: what holds from now on.
    ///   - admission: what replicas admit; of workloads that are not in it nothing changes.
    func replace(_ table: RouteTable, admission: [WorkloadID: WorkloadAdmission]) {
        let (removed, fleets) = state.withLock { state in
            let current = Set(table.routes.map(\.workload.id))
            let old = state.workloads.filter { !current.contains($0.id) }
            state.table = table
            state.workloads = table.routes.map(\.workload) + old.filter { !$0.isSpent }
            let fleets = current.sorted().compactMap { state.unknownFleets.removeValue(forKey: $0) }
            return (old, fleets)
        }
        for route in table.routes {
            route.workload.reconfigure(route.settings, admission: admission[route.settings.id])
        }
        for workload in removed { workload.retire() }
        for fleet in fleets { apply(fleet) }
    }

    /// The controller says which replicas a workload has.
    func apply(_ update: FleetUpdate) {
        let workload = state.withLock { state in
            if let workload = state.workloads.first(where: { $0.id == update.workload }) {
                return workload as Workload?
            }
            let isKnown = state.unknownFleets[update.workload] != nil
            if isKnown || state.unknownFleets.count < GatewayCore.unknownFleetLimit {
                state.unknownFleets[update.workload] = update
            }
            return nil
        }
        workload?.apply(update)
    }
}
