import Routing
import Sampling
import Testing

/// Property: a dispatcher that looks only at the replica that changed places the same requests on the same replicas as one
/// that looks at all.
struct NextChangedTests {
    /// Two dispatchers to which the same happens.
    private struct Twins: ~Copyable {
        var asking: Dispatcher
        var told: Dispatcher
        /// By slot, oldest first; those prefilled are marked.
        var held: [[(claim: RequestClaim, isPrefilled: Bool)]] = []
        var placedFromQueue = 0

        init(_ choice: ReplicaChoice, _ binding: Binding) {
            let limits = AdmissionLimits(maxBatch: 3, kvTokens: 1000, backlogSeconds: 0.25)
            asking = Dispatcher(limits: limits, binding: binding, choice: choice, queueLimit: 30, seed: 1)
            told = Dispatcher(limits: limits, binding: binding, choice: choice, queueLimit: 30, seed: 1)
        }

        mutating func open() {
            let slot = asking.table.openReady(startOrder: held.count)
            #expect(told.table.openReady(startOrder: held.count) == slot)
            held.append([])
            settle(slot)
        }

        mutating func arrive(_ claim: RequestClaim) {
            let placement = asking.arrive(claim)
            #expect(told.arrive(claim) == placement)
            if case .replica(let slot) = placement { held[slot].append((claim, false)) }
        }

        /// The oldest prompt of the replica gets its first token; where there is none, the oldest request finishes.
        mutating func advance(_ slot: Int) {
            if let index = held[slot].firstIndex(where: { !$0.isPrefilled }) {
                held[slot][index].isPrefilled = true
                asking.table.finishPrefill(held[slot][index].claim, on: slot)
                told.table.finishPrefill(held[slot][index].claim, on: slot)
            } else if !held[slot].isEmpty {
                let claim = held[slot].removeFirst().claim
                asking.table.finish(claim, on: slot)
                told.table.finish(claim, on: slot)
            }
            settle(slot)
        }

        private mutating func settle(_ slot: Int) {
            var same = told.next(changed: slot)
            while let placed = asking.next() {
                #expect(same?.claim == placed.claim)
                #expect(same?.slot == placed.slot)
                held[placed.slot].append((placed.claim, false))
                placedFromQueue += 1
                same = told.next()
            }
            #expect(same == nil)
        }
    }

    /// Without the two random draws, which a single candidate makes unnecessary.
    private static let choices: [ReplicaChoice] = [.leastOutstandingTokens, .leastRequests, .roundRobin]

    @Test(arguments: choices, Binding.allCases)
    func nextChanged_afterAnyHistory_placesAsNextDoes(choice: ReplicaChoice, binding: Binding) {
        for seed in UInt64(1)...5 {
            var generator = SeededGenerator(seed: seed)
            var twins = Twins(choice, binding)
            for step in 0..<1500 {
                if step % 100 == 10, twins.held.count < 12 { twins.open() }
                if Int.random(in: 0..<3, using: &generator) == 0 || twins.held.isEmpty {
                    let prompt = Int.random(in: 1...400, using: &generator)
                    let ticks = twins.told.table.ticks(prefillSeconds: Double(prompt) / 2000)
                    twins.arrive(.sized(step, prompt: prompt, output: 50, ticks: ticks))
                } else {
                    twins.advance(Int.random(in: 0..<twins.held.count, using: &generator))
                }
            }
            #expect(twins.placedFromQueue > (binding == .late ? 50 : 0), "seed \(seed)")
        }
    }
}
