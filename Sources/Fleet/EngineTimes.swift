/// How long engines take, as multiples of what their profile says, by cause.
package struct EngineTimes: Hashable, Sendable, Codable {
    /// Of an iteration without anybody in it, above 0.
    package var fixed = 1.0
    /// Of the sequences that decode and of their context, above 0.
    package var sequences = 1.0
    /// Of prefill, above 0.
    package var prefill = 1.0

    /// As the profile says.
    package static let profiled = EngineTimes()

    package init(fixed: Double = 1, sequences: Double = 1, prefill: Double = 1) {
        self.fixed = fixed
        self.sequences = sequences
        self.prefill = prefill
    }
}
