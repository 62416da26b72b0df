internal import NIOCore
internal import Traces

/// One request of a plan, with the moment at which it is due.
struct PlannedRequest: Sendable {
    /// Counts from 0 over all workloads, in the order of sending.
    var number: Int
    /// Index of its workload in the plan.
    var workload: Int
    var due: NIODeadline
    var isMeasured: Bool
    var promptTokens: Int
    var outputTokens: Int
}

/// The requests of all workloads, in the order of their arrival; of those that arrive together the first workload's first.
struct LoadSchedule {
    private let traces: [Trace]
    private let speed: Double
    private let origin: NIODeadline
    private var cursors: [Int]
    private var number = 0

    /// The requests of `plan`; the traces' time zero is at `origin`.
    init(_ plan: LoadPlan, origin: NIODeadline) {
        traces = plan.workloads.map(\.trace)
        speed = plan.speed
        self.origin = origin
        cursors = traces.map { _ in 0 }
    }

    /// The next request, which stays the next one; nil after the last.
    var next: PlannedRequest? {
        guard let workload = nextWorkload else { return nil }
        let row = traces[workload][cursors[workload]]
        return PlannedRequest(
            number: number, workload: workload, due: origin + .nanoseconds(Int64(row.arrival / speed * 1e9)),
            isMeasured: row.arrival >= 0, promptTokens: Int(row.promptTokens), outputTokens: Int(row.outputTokens))
    }

    /// Goes on to the request after the next one.
    mutating func advance() {
        guard let workload = nextWorkload else { return }
        cursors[workload] += 1
        number += 1
    }

    private var nextWorkload: Int? {
        var best: (workload: Int, arrival: Double)?
        for (workload, trace) in traces.enumerated() where cursors[workload] < trace.count {
            let arrival = trace[cursors[workload]].arrival
            if best.map({ arrival < $0.arrival }) ?? true { best = (workload, arrival) }
        }
        return best?.workload
    }
}
