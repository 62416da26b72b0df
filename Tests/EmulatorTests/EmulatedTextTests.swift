import Testing

@testable import Emulator

@Suite struct EmulatedTextTests {
    @Test func tokens_anyNumber_sayWhoSpeaks() {
        #expect(EmulatedText.tokens(2) == "This is")
        #expect(EmulatedText.tokens(40).hasPrefix("This is tideway-emulator: it imitates"))
        #expect(EmulatedText.tokens(40).split(separator: " ").count == 40)
    }
}
