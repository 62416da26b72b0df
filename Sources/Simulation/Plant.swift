internal import Fleet
internal import Performance
internal import Routing
internal import Traces

/// The simulated world: arrivals, replicas, the router in front of them, and the bill. It decides nothing: requests are
/// placed by Routing's dispatcher, replicas come and go by the controller's orders.
///
/// Three events a request: its arrival, the end of its prefill, its end. At equal times replica events come first (lowest
/// slot), then arrivals.
struct Plant: ~Copyable {
    let trace: Trace
    let profile: PerformanceProfile
    let prefill: PrefillCost
    let memory: MemoryRule
    /// Nil in the order first come, first served.
    let pacing: DispatchPacing?
    /// The same as a flag, for the path of each request.
    let isPaced: Bool
    /// What a replica admits by its profile.
    let limits: AdmissionLimits
    /// What dispatch believes of the engines.
    var engineTimes = EngineTimes.profiled
    var cursor: TraceCursor
    var dispatcher: Dispatcher
    var events = EventTree()
    var slots: UnsafeMutablePointer<PlantSlot>
    var engines: UnsafeMutablePointer<BatchingReplica>
    private(set) var slotCapacity = 0

    var now: Double
    var counters = PlantCounters()
    var judge: RequestJudge
    var bill: Bill
    var outcomes: RequestOutcomes?
    /// Speeds other than the profile's, of replicas that are there or to come.
    var speeds: [ReplicaID: Double] = [:]
    /// The same for all of them.
    var fleetSpeed = 1.0
    /// Integral of requests in flight over the measured period, once that has ended.
    var inFlightSecondsMeasured = 0.0
    /// Pre-emptions from the measured period's begin to the end of the run; a request may have several.
    var preemptions = 0
    /// Mixed from every event: equal runs have equal digests.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    init(trace: Trace, profile: PerformanceProfile, options: SimulationOptions, start: Double) {
        self.trace = trace
        self.profile = profile
        prefill = profile.prefillCost
        memory = options.memory
        cursor = TraceCursor(trace)
        let pacing =
            options.order == .slo
            ? DispatchPacing(profile: profile, limits: options.slo.limits, share: options.pacing) : nil
        self.pacing = pacing
        isPaced = pacing != nil
        limits = AdmissionLimits(profile, pacing: pacing)
        dispatcher = Dispatcher(
            limits: limits, binding: options.binding, choice: options.choice,
            order: options.order, queueLimit: options.queueLimit, seed: options.seed)
        now = start
        judge = RequestJudge(
            profile: profile, slo: options.slo, measureFrom: options.measureFrom, capacity: trace.count)
        bill = Bill(from: options.measureFrom, until: max(options.measureFrom, trace.lastArrival.rounded(.up)))
        if options.timelineWidth != nil {
            outcomes = RequestOutcomes(count: trace.count, answersWhole: options.slo.answersWhole)
        }
        slots = .allocate(capacity: 0)
        engines = .allocate(capacity: 0)
        reserveSlots(64)
    }

    deinit {
        engines.deinitialize(count: slotCapacity)
        engines.deallocate()
        slots.deallocate()
    }

    /// Carries out all events up to and including `limit`, stopping early when the fleet changed by itself.
    ///
    /// - Returns: that change; nil when `limit` is reached.
    mutating func run(through limit: Double) -> FleetNews? {
        while true {
            let eventTime = events.earliest
            if eventTime <= cursor.nextArrival {
                guard eventTime <= limit else { return nil }
                now = eventTime
                if let news = handleSlotEvent(events.earliestSlot) { return news }
            } else {
                guard cursor.nextArrival <= limit else { return nil }
                now = cursor.nextArrival
                handleArrival()
            }
            assert(isConsistent())
        }
    }

    /// Whether every request is answered or lost, and none is to come.
    var isDone: Bool { cursor.nextArrival == .infinity && counters.inFlight == 0 }

    @inline(__always)
    mutating func mix(_ number: UInt32) {
        let bits = digest ^ now.bitPattern ^ UInt64(number) << 32
        digest = (bits << 23 | bits >> 41) &* 0x9e37_79b9_7f4a_7c15
    }

    mutating func reserveSlots(_ count: Int) {
        guard count > slotCapacity else { return }
        let capacity = max(count, slotCapacity * 2)
        let moreSlots = UnsafeMutablePointer<PlantSlot>.allocate(capacity: capacity)
        let moreEngines = UnsafeMutablePointer<BatchingReplica>.allocate(capacity: capacity)
        moreSlots.moveInitialize(from: slots, count: slotCapacity)
        moreEngines.moveInitialize(from: engines, count: slotCapacity)
        slots.deallocate()
        engines.deallocate()
        (slots, engines) = (moreSlots, moreEngines)
        for slot in slotCapacity..<capacity {
            (slots + slot).initialize(to: PlantSlot())
            (engines + slot).initialize(to: BatchingReplica(profile: profile, time: now, memory: memory))
        }
        slotCapacity = capacity
    }
}
