import Testing

@testable import tideway

struct DurationOptionTests {
    @Test(arguments: [
        ("90s", 90.0), ("20m", 1_200), ("3d", 259_200), ("1h30m", 5_400), ("45", 45), ("0.5", 0.5), ("250ms", 0.25),
        ("1.5h", 5_400), ("-20m", -1_200), ("1w", 604_800), ("0", 0),
    ])
    func text_understood_isSeconds(text: String, seconds: Double) {
        #expect(DurationOption(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "s", "3x", "1h30", "h1", "--3s", "1h 30m", "inf", "nan", "1..5s"])
    func text_notUnderstood_isRefused(text: String) {
        #expect(DurationOption(argument: text) == nil)
    }

    @Test(arguments: ["90s", "20m", "3d", "250ms", "-20m", "0s"])
    func description_isWhatWasTyped(text: String) {
        #expect(DurationOption(argument: text)?.description == text)
    }
}
