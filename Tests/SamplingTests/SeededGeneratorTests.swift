import Sampling
import Testing

struct SeededGeneratorTests {
    /// First outputs, worked out by a second program written from the published algorithm (SplitMix64 seeding, xoshiro256**).
    private static let published: [(seed: UInt64, outputs: [UInt64])] = [
        (0, [0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0, 0x6aa5_94f1_262d_2d2c]),
        (1, [0xb3f2_af6d_0fc7_10c5, 0x853b_5596_4736_4cea, 0x92f8_9756_082a_4514, 0x642e_1c7b_c266_a3a7]),
        (42, [0x1578_0b2e_0c2e_c716, 0x6104_d986_6d11_3a7e, 0xae17_5332_39e4_99a1, 0xecb8_ad47_03b3_60a1]),
        (.max, [0x8f55_20d5_2a7e_ad08, 0xc476_a018_caa1_802d, 0x81de_31c0_d260_469e, 0xbf65_8d7e_065f_3c2f]),
    ]

    @Test(arguments: published)
    func seed_firstOutputs_areThePublishedOnes(seed: UInt64, outputs: [UInt64]) {
        var generator = SeededGenerator(seed: seed)
        #expect((0..<4).map { _ in generator.next() } == outputs)
    }

    @Test func seed_usedTwice_givesTheSameSequence() {
        var first = SeededGenerator(seed: 7, stream: 3)
        var second = SeededGenerator(seed: 7, stream: 3)
        #expect((0..<1000).allSatisfy { _ in first.next() == second.next() })
    }

    @Test func copy_drawnFrom_leavesTheOriginalWhereItWas() {
        var original = SeededGenerator(seed: 7)
        var copy = original
        let drawn = (0..<10).map { _ in copy.next() }
        #expect((0..<10).map { _ in original.next() } == drawn)
    }

    @Test func streams_ofSeedsNearby_shareNoOutput() {
        var seen: Set<UInt64> = []
        for seed in UInt64(0)..<20 {
            for stream in UInt64(0)..<20 {
                var generator = SeededGenerator(seed: seed, stream: stream)
                for _ in 0..<10 { seen.insert(generator.next()) }
            }
        }
        #expect(seen.count == 20 * 20 * 10)
    }

    @Test func streams_ofOneSeed_areNotCorrelated() {
        var first = SeededGenerator(seed: 1, stream: 0)
        var second = SeededGenerator(seed: 1, stream: 1)
        let products = (0..<100_000).map { _ in (first.uniform() - 0.5) * (second.uniform() - 0.5) }
        // A product's standard deviation is 1/12; five standard errors of its mean are 0.0013.
        #expect(abs(products.reduce(0, +) / 100_000) < 0.0014)
    }
}
