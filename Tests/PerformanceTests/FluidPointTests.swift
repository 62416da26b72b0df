import Fleet
import Testing

@testable import Performance

@Suite struct FluidPointTests {
    private let profile = PerformanceProfile.plantA100

    @Test func fluidPoint_itlBinds_isThePlantsFormula() {
        let shape = RequestShape(promptTokens: 1000, outputTokens: 201)
        // w = 63.1 us x 1000 + 8 ms = 71.1 ms; ctx = 1101; per token 92.8 us + 124.4 ns x 1101 = 229.7644 us.
        // r = 35.86 ms / (50 ms x 71.1 ms + 50 ms x 200 x 229.7644 us) = 0.03586/0.005852644 = 6.12714/s; n = 61.2714.
        let point = profile.fluidPoint(shape, itl: 0.05)
        #expect(abs(point.rate - 6.12714) < 1e-5)
        #expect(abs(point.batch - 61.2714) < 1e-4)
        #expect(profile.fluidPoint(shape, limits: .tokens(ttft: .seconds(1), itl: .milliseconds(50))) == point)
    }

    @Test func fluidPoint_squareRootTerm_keepsTheIterationAtItsLimit() {
        var mixture = profile
        mixture.c6 = 1e-3
        let shape = RequestShape(promptTokens: 1000, outputTokens: 201)
        let point = mixture.fluidPoint(shape, itl: 0.05)
        // In a second: prefill r w, and the rest holds 1/itl iterations of c0 + c6 sqrt(n) + n (c1 + c2 ctx).
        let iteration = 14.14e-3 + 1e-3 * point.batch.squareRoot() + point.batch * 229.7644e-6
        #expect(abs(point.rate * 0.0711 + iteration / 0.05 - 1) < 1e-9)
        #expect(abs(point.batch - point.rate * 200 * 0.05) < 1e-9)
        // Each of 16 sequences has a sixteenth of 14.14 ms + 4 ms.
        #expect(abs(mixture.sharedSeconds(batch: 16) - 18.14e-3 / 16) < 1e-12)
    }

    @Test func fluidPoint_batchLimitBinds_turnsOverAtItsOwnIterationTime() {
        var small = profile
        small.maxBatch = 10
        let shape = RequestShape(promptTokens: 1000, outputTokens: 201)
        // 10 / (10 x 71.1 ms + 200 (14.14 ms + 10 x 229.7644 us)) = 10 / (0.711 + 3.2875288) = 2.50092/s.
        #expect(abs(small.fluidPoint(shape, itl: 0.05).rate - 2.50092) < 1e-5)
        #expect(small.fluidPoint(shape, itl: 0.05).batch == 10)
    }

    @Test func fluidPoint_oneOutputToken_isLimitedByPrefillAlone() {
        let shape = RequestShape(promptTokens: 1000, outputTokens: 1)
        #expect(abs(profile.fluidPoint(shape, itl: 0.05).rate - 1 / 0.0711) < 1e-9)
        #expect(abs(profile.fluidPoint(shape, limits: .latency(.seconds(1))).rate - 1 / 0.0711) < 1e-9)
    }

    @Test func fluidPoint_itlBelowOneIteration_carriesNothing() {
        #expect(profile.fluidPoint(RequestShape(promptTokens: 10, outputTokens: 10), itl: 0.014).rate == 0)
    }

    @Test func fluidPoint_memoryBinds_countsContextOfTheBatch() {
        var small = profile
        small.kvTokens = 11_010
        // 11,010 tokens / 1,101 of context = 10 sequences: as with a batch limit of 10.
        let shape = RequestShape(promptTokens: 1000, outputTokens: 201)
        #expect(abs(small.fluidPoint(shape, itl: 0.05).rate - 2.50092) < 1e-5)
    }

    @Test(arguments: [
        // Prompt, uncached, limit: T up to 4,096 tokens, 2T beyond, and 2 x (63.1 us x 16,000 + 8 ms) = 2.0352 s.
        (100.0, 100.0, 1.0), (4096, 4096, 1), (4097, 4097, 2), (16_000, 16_000, 2.0352), (16_000, 1000, 2),
    ])
    func ttftLimit_byPromptLength_isThePlantsRule(prompt: Double, uncached: Double, limit: Double) {
        #expect(abs(profile.ttftLimit(promptTokens: prompt, uncachedTokens: uncached, ttft: 1) - limit) < 1e-12)
    }

    @Test func ttftLimit_longPromptBoundary_isTheObjectives() {
        let boundary = Double(ServiceLevelObjective.longPromptTokens)
        #expect(profile.ttftLimit(promptTokens: boundary, uncachedTokens: 1, ttft: 1) == 1)
        #expect(profile.ttftLimit(promptTokens: boundary + 1, uncachedTokens: 1, ttft: 1) == 2)
    }
}

extension PerformanceProfile {
    /// 8b-a100 of the reference plant, for worked numbers.
    static let plantA100 = PerformanceProfile(
        name: "8b-a100", accelerators: 1, decode: (c0: 14.14e-3, c1: 92.8e-6, c2: 124.4e-9),
        prefill: (c3: 63.1e-6, c4: 8e-3), chunkTokens: 512, maxBatch: 256, kvTokens: 430_000, backlogSeconds: 0.25,
        power: .assumed, price: Price(perAcceleratorHour: 2.73))
}
