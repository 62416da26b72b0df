internal import Control
internal import Fleet
internal import Performance

/// What a run writes down on the way: fleet changes, decisions, the timeline.
struct RunRecords {
    private var starts = 0
    private var scaleActions = 0
    private var peak = 0
    private var lastDesired: Int?
    private var fleet: [FleetPoint] = []
    private var decisions: [DecisionRecord] = []
    private var intervals: [TimelineSample] = []

    /// Gauges at the end of one interval of the timeline.
    struct TimelineSample {
        var end: Double
        var desired: Int
        var current: Int
        var ready: Int
        var queued: Int
        var running: Int
    }

    mutating func noteStart(isMeasured: Bool) {
        if isMeasured { starts += 1 }
    }

    mutating func noteDecision(_ record: DecisionRecord, isMeasured: Bool, isKept: Bool) {
        if isMeasured, record.desired != lastDesired ?? record.current { scaleActions += 1 }
        lastDesired = record.desired
        if isKept { decisions.append(record) }
    }

    /// Notes desired, current and ready when one of them changed.
    mutating func noteFleet(_ machine: ControlMachine, at now: Double, isMeasured: Bool) {
        if isMeasured { peak = max(peak, machine.currentCount) }
        let point = FleetPoint(
            time: now, desired: machine.desiredCount, current: machine.currentCount, ready: machine.readyCount)
        if let last = fleet.last {
            if last.hasSameCounts(as: point) { return }
            if last.time == now { fleet.removeLast() }
        }
        fleet.append(point)
    }

    /// Notes the gauges when an interval of the timeline ends.
    mutating func noteSample(_ sample: WorkloadSample, _ machine: ControlMachine, width: Double?) {
        guard let width else { return }
        let time = sample.at.seconds
        guard (time / width).rounded(.down) * width == time else { return }
        appendInterval(end: time, sample, machine)
    }

    /// Ends the interval in which the measured period ends, when that is not its own end.
    mutating func closeTimeline(_ sample: WorkloadSample, _ machine: ControlMachine, width: Double?, until: Double) {
        guard let width, let last = intervals.last, last.end < until else { return }
        appendInterval(end: last.end + width, sample, machine)
    }

    private mutating func appendInterval(end: Double, _ sample: WorkloadSample, _ machine: ControlMachine) {
        intervals.append(
            TimelineSample(
                end: end, desired: machine.desiredCount, current: machine.currentCount, ready: machine.readyCount,
                queued: sample.queuedRequests, running: sample.runningRequests))
    }

    func result(
        plant: borrowing Plant, profile: PerformanceProfile, options: SimulationOptions, warmPool: WarmStandbys?
    ) -> SimulationResult {
        var outcome = plant.outcome(profile: profile, options: options)
        outcome.starts = starts
        outcome.scaleActions = scaleActions
        outcome.peak = peak
        if let warmPool { outcome.addWarmPool(warmPool.pool, profile: profile) }
        return SimulationResult(
            outcome: outcome, fleet: fleet, decisions: decisions,
            timeline: plant.timeline(intervals, options: options))
    }
}

extension SimulationOutcome {
    /// Bills the standbys for the whole measured period, idle.
    mutating func addWarmPool(_ pool: WarmPool, profile: PerformanceProfile) {
        let seconds = Double(pool.size) * horizonSeconds
        billedSeconds += seconds
        energy.joules += seconds * profile.power.idle.watts * Double(profile.accelerators)
    }
}
