internal import Fleet

/// The instants at which the shell itself has something to do. At equal times the order is that of `Kind`'s cases.
struct ShellTimers {
    enum Kind {
        case beginMeasuring
        case endMeasuring
        /// By index in the list of faults left.
        case fault(Int)
        case sample
        case decision(generation: Int)
        /// Nobody waits for what is still unfinished.
        case end
    }

    /// What a fault does at an instant.
    struct FaultAction {
        enum Action {
            case crash(ReplicaID)
            case setSpeed(ReplicaID?, to: Double)
        }

        var time: Double
        var action: Action
    }

    private var beginMeasuring: Double
    private var endMeasuring: Double
    private var faults: [FaultAction]
    private var sample: Double
    private var decision = Double.infinity
    private var decisionGeneration = 0
    private var end: Double

    init(start: Double, measureFrom: Double, measureUntil: Double, end: Double, faults: [Fault]) {
        beginMeasuring = measureFrom
        endMeasuring = measureUntil
        sample = start
        self.end = end
        self.faults = faults.flatMap(ShellTimers.actions).sorted { $0.time < $1.time }
    }

    private static func actions(of fault: Fault) -> [FaultAction] {
        switch fault {
        case .crash(let id, let time): [FaultAction(time: time, action: .crash(id))]
        case .slow(let id, let factor, let from, let until):
            [
                FaultAction(time: from, action: .setSpeed(id, to: factor)),
                FaultAction(time: until, action: .setSpeed(id, to: 1)),
            ]
        case .failedStart, .metricsLost, .metricsLate: []
        }
    }

    var hasMeasured: Bool { endMeasuring == .infinity }
    var isPastEnd: Bool { end == .infinity }

    /// The next thing to do.
    var next: (time: Double, kind: Kind) {
        var best: (time: Double, kind: Kind) = (beginMeasuring, .beginMeasuring)
        func offer(_ time: Double, _ kind: Kind) {
            if time < best.time { best = (time, kind) }
        }
        offer(endMeasuring, .endMeasuring)
        if let fault = faults.first { offer(fault.time, .fault(0)) }
        offer(sample, .sample)
        offer(decision, .decision(generation: decisionGeneration))
        offer(end, .end)
        return best
    }

    mutating func finish(_ kind: Kind) {
        switch kind {
        case .beginMeasuring: beginMeasuring = .infinity
        case .endMeasuring: endMeasuring = .infinity
        case .decision: decision = .infinity
        case .end: end = .infinity
        case .fault, .sample: preconditionFailure("has its own method")
        }
    }

    mutating func takeFault(_ index: Int) -> FaultAction { faults.remove(at: index) }
    mutating func scheduleSample(after interval: Double) { sample += interval }

    mutating func scheduleDecision(generation: Int, at time: Double) {
        decisionGeneration = generation
        decision = time
    }
}
