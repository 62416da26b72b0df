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

    /// Whether one of them is more than `factor`, above 1, times that of the other, or less than that part of it.
    package func differ(from other: EngineTimes, by factor: Double) -> Bool {
        zip(causes, other.causes).contains { max($0 / $1, $1 / $0) > factor }
    }

    /// Whether they are times at all.
    package var areValid: Bool { causes.allSatisfy { $0 > 0 && $0.isFinite } }

    private var causes: [Double] { [fixed, sequences, prefill] }
}

extension EngineTimes: CustomStringConvertible {
    /// For people: `1.3 x for an iteration, 1.3 x for its requests, 1.25 x for prefill`.
    package var description: String {
        let texts = causes.map { "\(($0 * 100).rounded() / 100) x" }
        return "\(texts[0]) for an iteration, \(texts[1]) for its requests, \(texts[2]) for prefill"
    }
}
