package import Control
package import Fleet
package import Performance
package import Traces

/// A discrete-event run: the plant on one side, the controller with its policy on the other. This shell owns virtual time; it
/// carries directives out and reports what came of them, as the daemon's shell does with a real fleet.
package struct Simulator: ~Copyable {
    private let options: SimulationOptions
    private let guards: ControlGuards
    private let profile: PerformanceProfile
    var plant: Plant
    private var machine: ControlMachine
    private var startUps: StartUps
    private var placement: PoolPlacement?
    private var warmPool: WarmStandbys?
    private var timers: ShellTimers
    /// Seconds from taking a sample until the controller gets it.
    private let delivery: Double
    /// On their way to the controller.
    private var lateSnapshots: [(snapshot: ClusterSnapshot, due: Double)] = []
    /// Orders that wait for room in the pool, oldest first.
    private var requested: [ReplicaID] = []
    private var records = RunRecords()

    /// Sees every event that the controller gets, with its directives; for replays.
    package var onControl: ((ControlEvent, Instant, [ControlDirective]) -> Void)?

    /// - Parameters:
    ///   - trace: not empty.
    ///   - profile: of each replica.
    ///   - policy: says how many replicas there should be.
    ///   - guards: protections around the policy; none for peers.
    ///   - options: the rest of the plant.
    package init(
        trace: Trace, profile: PerformanceProfile, policy: any ScalingPolicy, guards: ControlGuards = [],
        options: SimulationOptions
    ) {
        precondition(!trace.isEmpty, "a run needs requests")
        let start = min(trace.firstArrival.rounded(.down), options.measureFrom, 0)
        self.options = options
        self.guards = guards
        self.profile = profile
        plant = Plant(trace: trace, profile: profile, options: options, start: start)
        machine = ControlMachine(
            policy: policy, workload: options.workload, variant: VariantID(profile.name), guards: guards,
            startUp: options.startUpExpectation)
        delivery = policy.observationDelay.delivery.seconds
        startUps = StartUps(options.startUp, seed: options.seed, given: options.startUpTimes)
        placement = options.pool.map { PoolPlacement($0, acceleratorsPerReplica: profile.accelerators) }
        warmPool = options.warmPool.map(WarmStandbys.init)
        timers = ShellTimers(
            start: start, measureFrom: options.measureFrom, measureUntil: plant.bill.until,
            end: trace.lastArrival + options.drainLimit, faults: options.faults)
    }

    /// Runs to the end.
    ///
    /// - Parameter stopwatch: tells seconds, for measuring how long the run takes; nil does not measure.
    /// - Returns: what came of it.
    package consuming func run(stopwatch: (() -> Double)? = nil) -> SimulationResult {
        let started = stopwatch?()
        begin()
        while !isOver {
            let next = timers.next
            advance(through: next.time)
            plant.now = next.time
            handle(next.kind)
        }
        if !timers.hasMeasured { plant.endMeasuring() }
        records.closeTimeline(plant.sample(), machine, width: options.timelineWidth, until: plant.bill.until)
        let elapsed = stopwatch.flatMap { watch in started.map { watch() - $0 } }
        var result = records.result(plant: plant, profile: profile, options: options, warmPool: warmPool)
        result.simulateSeconds = elapsed
        return result
    }

    private var isOver: Bool { timers.isPastEnd || (plant.isDone && timers.hasMeasured) }

    private mutating func begin() {
        var ids: [ReplicaID] = []
        for number in 0..<options.initialReady {
            let id = ReplicaID(number)
            guard placement == nil || placement?.place(id) != nil else { break }
            plant.adopt(id)
            ids.append(id)
        }
        tell(.began(ready: ids))
        records.noteFleet(machine, at: plant.now, isMeasured: isMeasured)
    }

    /// Runs the plant up to `limit`, passing on its news.
    private mutating func advance(through limit: Double) {
        while let news = plant.run(through: limit) {
            switch news {
            case .ready(let id): tell(.outcome(.ready(id)))
            case .startFailed(let id):
                free(id)
                tell(.outcome(.startFailed(id)))
            case .stopped(let id):
                free(id)
                tell(.outcome(.stopped(id)))
            }
            records.noteFleet(machine, at: plant.now, isMeasured: isMeasured)
        }
    }

    private var isMeasured: Bool { plant.now >= options.measureFrom && plant.now <= plant.bill.until }

    /// Hands the controller an event and carries out its directives in order.
    private mutating func tell(_ event: ControlEvent) {
        let now = Instant(seconds: plant.now)
        let directives = machine.on(event, at: now)
        onControl?(event, now, directives)
        for directive in directives { carryOut(directive) }
    }
}

// MARK: Events of the shell

extension Simulator {
    private mutating func handle(_ kind: ShellTimers.Kind) {
        switch kind {
        case .beginMeasuring:
            timers.finish(kind)
            plant.beginMeasuring()
            records.noteFleet(machine, at: plant.now, isMeasured: true)
        case .endMeasuring:
            timers.finish(kind)
            plant.endMeasuring()
        case .fault(let index): handleFault(index)
        case .sample:
            timers.scheduleSample(after: options.sampleInterval)
            takeSample()
        case .decision(let generation):
            timers.finish(kind)
            tell(.timerFired(generation: generation))
            plant.setPace(machine.engineTimes)
            plant.dispatchAll()
            records.noteFleet(machine, at: plant.now, isMeasured: isMeasured)
        case .end: timers.finish(kind)
        }
    }

    private mutating func takeSample() {
        let sample = plant.sample()
        records.noteSample(sample, machine, width: options.timelineWidth)
        let snapshot = snapshot(sample)
        let delay = delivery + (metricsDelay ?? .infinity)
        if delay == 0 {
            deliverLateSnapshots()
            tell(.observed(snapshot))
        } else {
            if delay < .infinity { lateSnapshots.append((snapshot, plant.now + delay)) }
            deliverLateSnapshots()
        }
        guard !guards.isEmpty else { return }
        plant.dispatchAll()
        records.noteFleet(machine, at: plant.now, isMeasured: isMeasured)
    }

    /// What faults add to the way of a sample taken now, in seconds; nil when it is lost.
    private var metricsDelay: Double? {
        for fault in options.faults {
            switch fault {
            case .metricsLost(let from, let until) where plant.now >= from && plant.now < until: return nil
            case .metricsLate(let delay, let from, let until) where plant.now >= from && plant.now < until: return delay
            default: continue
            }
        }
        return 0
    }

    private mutating func deliverLateSnapshots() {
        let due = lateSnapshots.filter { $0.due <= plant.now }
        lateSnapshots.removeAll { $0.due <= plant.now }
        for late in due { tell(.observed(late.snapshot)) }
    }

    private func snapshot(_ sample: WorkloadSample) -> ClusterSnapshot {
        ClusterSnapshot(
            at: sample.at,
            workloads: [
                .init(
                    id: options.workload.id, sample: .value(sample, at: sample.at),
                    replicas: .value(plant.replicas, at: sample.at))
            ])
    }

    private mutating func handleFault(_ index: Int) {
        let fault = timers.takeFault(index)
        switch fault.action {
        case .crash(let id):
            guard plant.crash(id) else { return }
            free(id)
            tell(.outcome(.lost(id)))
            records.noteFleet(machine, at: plant.now, isMeasured: isMeasured)
        case .setSpeed(let id?, let speed): plant.setSpeed(of: id, to: speed)
        case .setSpeed(nil, let speed): plant.setFleetSpeed(speed)
        }
    }
}

// MARK: Directives

extension Simulator {
    private mutating func carryOut(_ directive: ControlDirective) {
        switch directive {
        case .start(let id, as: _): start(id)
        case .cancel(let id, as: _): cancel(id)
        case .drainOne: drainOne()
        case .scheduleTimer(let generation, let instant):
            timers.scheduleDecision(generation: generation, at: instant.seconds)
        case .advise: break
        case .record(let record):
            records.noteDecision(record, isMeasured: isMeasured, isKept: options.recordsDecisions)
        }
    }

    private mutating func start(_ id: ReplicaID) {
        guard let wait = placement == nil ? 0 : placement?.place(id) else {
            requested.append(id)
            return
        }
        let ordinal = startUps.count
        let cold = startUps.next()
        let startUp = warmPool?.take(at: plant.now, cold: cold) ?? cold
        let fails = options.faults.contains(.failedStart(ordinal: ordinal))
        plant.start(id, orderedAt: plant.now, readyAt: plant.now + wait + startUp, fails: fails)
        records.noteStart(isMeasured: isMeasured)
    }

    private mutating func cancel(_ id: ReplicaID) {
        if let index = requested.firstIndex(of: id) {
            requested.remove(at: index)
        } else if plant.cancel(id) {
            free(id)
        }
        tell(.outcome(.stopped(id)))
    }

    private mutating func drainOne() {
        guard let victim = plant.drainOne() else { return }
        tell(.outcome(.drainBegan(victim.id)))
        if victim.isStopped {
            free(victim.id)
            tell(.outcome(.stopped(victim.id)))
        }
    }

    /// A replica gave its accelerators back: the order that waits longest gets them.
    private mutating func free(_ id: ReplicaID) {
        placement?.release(id)
        guard !requested.isEmpty else { return }
        start(requested.removeFirst())
    }
}
