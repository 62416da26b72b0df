import Routing
import Sampling

/// The router's rules written down once more, without folded arrays: every question is a scan over lists of requests.
struct NaiveRouter {
    struct Held {
        var claim: RequestClaim
        var isPrefilled = false
    }

    struct Replica {
        var startOrder: Int
        var isReady = false
        var held: [Held] = []

        var outstandingTokens: Int {
            held.reduce(0) {
                $0 + Int($1.claim.reservedTokens) + ($1.isPrefilled ? 0 : Int($1.claim.uncachedTokens))
            }
        }
    }

    let limits: AdmissionLimits
    /// By slot; nil where none is.
    var replicas: [Replica?] = []
    private var startOrder = 0

    init(limits: AdmissionLimits) { self.limits = limits }

    // MARK: Questions

    func admits(_ claim: RequestClaim, _ slot: Int) -> Bool {
        guard let replica = replicas[slot], replica.isReady, replica.held.count < limits.maxBatch else { return false }
        let reserved = replica.held.reduce(0) { $0 + Int($1.claim.reservedTokens) }
        guard replica.held.isEmpty || reserved + Int(claim.reservedTokens) <= limits.kvTokens else { return false }
        let waiting = replica.held.filter { !$0.isPrefilled }
        let ticks = waiting.reduce(0) { $0 + Int($1.claim.prefillTicks) }
        return waiting.isEmpty || ticks + Int(claim.prefillTicks) <= NaiveRouter.ticksPerLimit
    }

    /// What `ReplicaTable.ticks(prefillSeconds:)` makes of the backlog limit itself.
    static let ticksPerLimit = 1 << 30

    func leastOutstanding(where isCandidate: (Int) -> Bool) -> Int? {
        readySlots.filter(isCandidate).min { (load($0), $0) < (load($1), $1) }
    }

    func drainVictim() -> Int? { readySlots.min { (load($0), -order($0)) < (load($1), -order($1)) } }

    var readySlots: [Int] { replicas.indices.filter { replicas[$0]?.isReady == true } }
    var openSlots: [Int] { replicas.indices.filter { replicas[$0] != nil } }

    private func load(_ slot: Int) -> Int { replicas[slot]?.outstandingTokens ?? 0 }
    private func order(_ slot: Int) -> Int { replicas[slot]?.startOrder ?? 0 }

    // MARK: Changes

    mutating func open() -> (slot: Int, startOrder: Int) {
        startOrder += 1
        let slot = replicas.firstIndex { $0 == nil } ?? replicas.count
        if slot == replicas.count { replicas.append(nil) }
        replicas[slot] = Replica(startOrder: startOrder)
        return (slot, startOrder)
    }
}

/// A table and its naive twin, to which the same random things happen.
struct RouterTwins: ~Copyable {
    var table: ReplicaTable
    var naive: NaiveRouter
    var generator: SeededGenerator
    let replicasMax: Int

    init(seed: UInt64, replicasMax: Int) {
        let limits = AdmissionLimits(maxBatch: 4, kvTokens: 1000, backlogSeconds: 0.25)
        table = ReplicaTable(limits: limits)
        naive = NaiveRouter(limits: limits)
        generator = SeededGenerator(seed: seed)
        self.replicasMax = replicasMax
    }

    /// A request: now and then one that is larger than a replica, or whose prefill is longer than the backlog limit.
    mutating func randomClaim() -> RequestClaim {
        let isLarge = Int.random(in: 0..<20, using: &generator) == 0
        let prompt = Int.random(in: 1...(isLarge ? 1500 : 40), using: &generator) * (isLarge ? 1 : 10)
        let seconds = Double(Int.random(in: 0...(isLarge ? 400 : 150), using: &generator)) / 1024
        return .sized(
            prompt: prompt, output: 10 * Int.random(in: 0...20, using: &generator),
            uncached: Int.random(in: 1...prompt, using: &generator), ticks: table.ticks(prefillSeconds: seconds))
    }

    /// Lets one random thing happen to both.
    mutating func step() {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: open()
        case 1: becomeReady()
        case 2: if let slot = randomSlot(naive.readySlots), isRare() { drain(slot) }
        case 3: if let slot = randomSlot(naive.openSlots), isRare() { close(slot) }
        case 4..<11: place(randomClaim())
        case 11..<16: if let slot = randomSlot(naive.openSlots) { finishPrefill(slot) }
        default: if let slot = randomSlot(naive.openSlots) { finish(slot) }
        }
    }

    private mutating func isRare() -> Bool { Int.random(in: 0..<3, using: &generator) == 0 }

    private mutating func randomSlot(_ slots: [Int]) -> Int? { slots.randomElement(using: &generator) }

    private mutating func open() {
        guard naive.openSlots.count < replicasMax else { return }
        let (slot, order) = naive.open()
        let given = table.open(startOrder: order)
        precondition(given == slot, "slot \(given) was given, \(slot) is the lowest free one")
    }

    private mutating func becomeReady() {
        for slot in naive.openSlots
        where naive.replicas[slot]?.isReady == false && naive.replicas[slot]?.held.isEmpty == true {
            naive.replicas[slot]?.isReady = true
            table.markReady(slot)
        }
    }

    private mutating func drain(_ slot: Int) {
        naive.replicas[slot]?.isReady = false
        table.beginDrain(slot)
    }

    private mutating func close(_ slot: Int) {
        naive.replicas[slot] = nil
        table.close(slot)
    }

    private mutating func place(_ claim: RequestClaim) {
        let naive = naive
        guard let slot = naive.leastOutstanding(where: { naive.admits(claim, $0) }) else { return }
        self.naive.replicas[slot]?.held.append(NaiveRouter.Held(claim: claim))
        table.admit(claim, to: slot)
    }

    private mutating func finishPrefill(_ slot: Int) {
        guard let index = naive.replicas[slot]?.held.firstIndex(where: { !$0.isPrefilled }),
            let claim = naive.replicas[slot]?.held[index].claim
        else { return }
        naive.replicas[slot]?.held[index].isPrefilled = true
        table.finishPrefill(claim, on: slot)
    }

    private mutating func finish(_ slot: Int) {
        guard let index = naive.replicas[slot]?.held.firstIndex(where: \.isPrefilled),
            let done = naive.replicas[slot]?.held.remove(at: index)
        else { return }
        table.finish(done.claim, on: slot)
    }
}
