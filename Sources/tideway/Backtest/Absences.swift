internal import Fleet
internal import Policies
internal import Simulation
internal import Traces

/// What was asked for and never takes place, because a run ends before.
struct Absences {
    let trace: Trace
    /// Seconds; nothing happens later.
    let end: Double

    /// A sentence for each.
    func notes(faults: [FaultOption], schedule: ScheduleFile?) -> [String] {
        let ending = "\(trace.name) ends at \(DurationOption(seconds: end.rounded())), what it drains included"
        var notes = faults.filter { start(of: $0.fault).map { $0 > end } ?? false }.map {
            "--fault \($0) never takes place: \(ending)."
        }
        let late = schedule?.steps.count { $0.at.seconds > end } ?? 0
        if late > 0 {
            notes.append(
                "\(late) row\(late == 1 ? "" : "s") of the schedule never take\(late == 1 ? "s" : "") place: \(ending)."
            )
        }
        return notes
    }

    /// When a fault begins; nil where that depends on the run.
    private func start(of fault: Fault) -> Double? {
        switch fault {
        case .crash(_, let time): time
        case .slow(_, _, let from, _), .metricsLost(let from, _), .metricsLate(_, let from, _): from
        case .failedStart: nil
        }
    }
}
