/// Prompts of stated lengths. Words of three letters and a space are about one token each in the usual vocabularies, so four
/// bytes a token come out near the wanted length on a real server.
struct PromptText: Sendable {
    private static let words = [
        "sea", "sun", "ice", "map", "oak", "fox", "owl", "bee", "ant", "cat", "dog", "cow", "pig", "hen", "rat", "bat",
        "cup", "pan", "pot", "jar", "box", "bag", "bed", "rug", "key", "pen", "ink", "tea", "egg", "pie", "nut", "fig",
        "arm", "leg", "eye", "ear", "lip", "toe", "hip", "jaw", "car", "bus", "van", "jet", "gas", "oil", "tin", "gem",
        "law", "war", "tax", "fee", "job", "pay", "art", "act", "age", "air", "bar", "bay", "day", "end", "fan", "hat",
    ]
    /// Words at a prompt's beginning that tell it from others, so that no prefix cache serves it: 64^6 prompts.
    private static let markWords = 6

    /// As long as the longest prompt, or a little longer.
    let filler: [UInt8]

    /// - Parameter bytesMax: bytes of the longest prompt.
    init(bytesMax: Int) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bytesMax + 4)
        // The high bits of a linear congruence of full period: a walk over the words that does not repeat soon.
        var state: UInt32 = 1
        while bytes.count < bytesMax {
            state = state &* 1_664_525 &+ 1_013_904_223
            bytes.append(contentsOf: Self.words[Int(state >> 26)].utf8)
            bytes.append(UInt8(ascii: " "))
        }
        filler = bytes
    }

    /// The beginning of the prompt with this number: different for each, at most `bytesMax` bytes.
    static func mark(_ number: Int, bytesMax: Int) -> [UInt8] {
        var rest = UInt64(truncatingIfNeeded: number)
        var bytes: [UInt8] = []
        for _ in 0..<markWords {
            bytes.append(contentsOf: words[Int(rest & 63)].utf8)
            bytes.append(UInt8(ascii: " "))
            rest >>= 6
        }
        return Array(bytes.prefix(bytesMax))
    }
}
