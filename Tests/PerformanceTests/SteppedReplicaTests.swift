import Fleet
import Sampling
import Testing

@testable import Performance

/// Property: closed forms and a numeric integration of the same rules tell the same times.
struct SteppedReplicaTests {
    private func requests(seed: UInt64, count: Int) -> [ReplicaRun.Request] {
        var generator = SeededGenerator(seed: seed)
        var time = 0.0
        return (0..<count).map { _ in
            time += generator.exponential(mean: 0.08)
            let prompt = Int.random(in: 1...800, using: &generator)
            return ReplicaRun.Request(
                at: time, prompt: prompt,
                output: Int.random(in: 0..<4, using: &generator) == 0
                    ? 1 : Int.random(in: 2...60, using: &generator),
                uncached: Int.random(in: 1...prompt, using: &generator))
        }
    }

    private func compare(_ profile: PerformanceProfile, seed: UInt64) {
        let requests = requests(seed: seed, count: 25)
        let exact = ReplicaRun(profile, requests)
        let stepped = SteppedReplica(profile, requests)
        for (index, request) in requests.enumerated() {
            let pairs = [(exact.firstToken, stepped.firstToken), (exact.done, stepped.done)]
            for (closed, numeric) in pairs.map({ ($0[index] - request.at, $1[index] - request.at) }) {
                #expect(abs(closed - numeric) <= 1e-3 * numeric + 1e-9, "seed \(seed), request \(index)")
            }
        }
    }

    /// A context cost so large that iterations double while a sequence decodes.
    @Test(arguments: UInt64(1)...8)
    func closedForm_contextThatWeighs_equalsTheIntegration(seed: UInt64) {
        compare(.round(c2: 4e-6, prefill: (0.0001, 0.005)), seed: seed)
    }

    @Test(arguments: UInt64(11)...14)
    func closedForm_referencePlant_equalsTheIntegration(seed: UInt64) {
        compare(.reference8B, seed: seed)
    }

    @Test(arguments: UInt64(15)...18)
    func closedForm_squareRootTerm_equalsTheIntegration(seed: UInt64) {
        var profile = PerformanceProfile.reference8B
        profile.c6 = 3e-3
        compare(profile, seed: seed)
    }

    @Test(arguments: UInt64(21)...24)
    func closedForm_batchAndMemoryShort_equalsTheIntegration(seed: UInt64) {
        compare(.round(c2: 1e-6, maxBatch: 4, kvTokens: 1500, prefill: (0.0001, 0.005)), seed: seed)
    }
}
