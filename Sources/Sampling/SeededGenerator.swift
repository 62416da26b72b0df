/// A reproducible generator of random bits: xoshiro256** seeded through SplitMix64.
///
/// The same seed gives the same sequence on every machine. Source: Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators" (2021), public domain reference implementation.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter seed: any value, zero included; neighbouring seeds give unrelated sequences.
    package init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    /// A generator for one purpose of a run, so that drawing more for one purpose does not shift another.
    ///
    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - stream: a small number that names the purpose.
    package init(seed: UInt64, stream: UInt64) {
        self.init(seed: seed &* 0x2545_f491_4f6c_dd1d ^ (stream &+ 1) &* 0x9e37_79b9_7f4a_7c15)
    }

    package mutating func next() -> UInt64 {
        let result = rotateLeft(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotateLeft(state.3, by: 45)
        return result
    }

    private func rotateLeft(_ x: UInt64, by count: UInt64) -> UInt64 {
        (x << count) | (x >> (64 - count))
    }
}
