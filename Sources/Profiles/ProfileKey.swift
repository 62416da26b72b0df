/// The keys of a profile file, in the order in which they are written (docs/profiles.md).
enum ProfileKey: String, CaseIterable, Sendable {
    case name
    case accelerators
    case c0, c1, c2, c3, c4, c6
    case chunk
    case maxBatch = "max_batch"
    case kvTokens = "kv_tokens"
    case backlogSeconds = "backlog_seconds"
    case powerIdle = "power_idle"
    case powerBusy = "power_busy"
    case powerPerSequence = "power_per_sequence"
    case powerAssumed = "power_assumed"
    case pricePerAcceleratorHour = "price_per_accelerator_hour"
    case origin

    /// Which numbers a key accepts.
    enum Range: Sendable {
        case aboveZero
        case zeroOrMore
        /// A whole number of at least 1.
        case count
    }

    /// What the key means, with its unit; shown when it is missing or wrong.
    var meaning: String {
        switch self {
        case .name: "what users call the profile"
        case .accelerators: "accelerators that one replica occupies"
        case .c0: "seconds per decode iteration"
        case .c1: "seconds per iteration and decoding sequence"
        case .c2: "seconds per iteration and token of context"
        case .c3: "seconds per prefilled prompt token"
        case .c4: "seconds per prefill"
        case .c6: "seconds per iteration and square root of the decoding sequences"
        case .chunk: "prompt tokens prefilled in one mixed iteration"
        case .maxBatch: "requests running at once at most"
        case .kvTokens: "tokens of context that fit in memory"
        case .backlogSeconds: "seconds of prefill that a replica accepts in advance"
        case .powerIdle: "watts of one idle accelerator"
        case .powerBusy: "watts of one busy accelerator"
        case .powerPerSequence: "watts added by each decoding sequence"
        case .powerAssumed: "whether the watts were not measured on this model and accelerator"
        case .pricePerAcceleratorHour: "price of one accelerator for an hour"
        case .origin: "where the numbers come from"
        }
    }

    /// The numbers that the key accepts; nil for texts and truth values.
    var range: Range? {
        switch self {
        case .name, .origin, .powerAssumed: nil
        case .c0, .chunk: .aboveZero
        case .accelerators, .maxBatch, .kvTokens: .count
        case .c1, .c2, .c3, .c4, .c6, .backlogSeconds, .powerIdle, .powerBusy, .powerPerSequence,
            .pricePerAcceleratorHour:
            .zeroOrMore
        }
    }

    /// What a correct value looks like, for the remedy of a message.
    var expectation: String {
        switch range {
        case .aboveZero: "a number above zero"
        case .zeroOrMore: "a number of zero or more"
        case .count: "a whole number of at least 1"
        case nil: self == .powerAssumed ? "true or false" : "a text that is not empty"
        }
    }
}
