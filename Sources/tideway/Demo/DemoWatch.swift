internal import Foundation
internal import Link
internal import Load
internal import Synchronization

/// Follows a demonstration: keeps the controller's record, and shows how far it is.
final class DemoWatch: Sendable {
    static let interval = Duration.milliseconds(250)

    private struct State {
        var records: [DemoFleetRecord]
        var status: [String: WorkloadStatus] = [:]
        var progress: LoadProgress?
        var unansweredPolls = 0
    }

    private let ids: [String]
    private let adminSocket: String
    private let view: DemoView
    private let state: Mutex<State>

    /// - Parameters:
    ///   - ids: of the workloads, in the order of the records.
    ///   - adminSocket: of the controller.
    ///   - view: what is shown.
    init(ids: [String], adminSocket: String, view: DemoView) {
        self.ids = ids
        self.adminSocket = adminSocket
        self.view = view
        state = Mutex(State(records: ids.map { _ in DemoFleetRecord() }))
    }

    /// The controller's record of each workload.
    var records: [DemoFleetRecord] { state.withLock { $0.records } }
    /// Questions that the controller did not answer; what it told before held meanwhile.
    var unansweredPolls: Int { state.withLock { $0.unansweredPolls } }

    /// How far the load is.
    func note(_ progress: LoadProgress) { state.withLock { $0.progress = progress } }

    /// Asks the controller again and again until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            let reply = try? await AdminClient.ask(.status, at: adminSocket)
            let now = Date().timeIntervalSince1970
            let (latest, progress) = state.withLock { state in
                if case .status(let status)? = reply {
                    keep(status, at: now, in: &state)
                } else {
                    state.unansweredPolls += 1
                }
                return (state.status, state.progress)
            }
            if let progress { view.show(progress, latest) }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func keep(_ status: ControllerStatus, at now: Double, in state: inout State) {
        for workload in status.workloads {
            state.status[workload.id] = workload
            guard let index = ids.firstIndex(of: workload.id) else { continue }
            state.records[index].append(
                DemoFleetRecord.Point(
                    time: now, desired: workload.desired ?? workload.current, ready: workload.ready,
                    starting: workload.starting, draining: workload.draining))
        }
    }
}
