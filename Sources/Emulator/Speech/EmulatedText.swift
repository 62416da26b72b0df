/// What the emulator says: nothing but that it is one, a word a token, over and over.
enum EmulatedText {
    private static let sentence =
        "This is tideway-emulator: it imitates the timing of a model server, and no model made these words."
    private static let words = sentence.split(separator: " ").map(String.init)

    /// The text of one token. It needs no escaping in JSON.
    ///
    /// - Parameter index: of the token in its answer, from 0.
    /// - Returns: a word, with a space before it unless it is the first.
    static func token(_ index: Int) -> String {
        let word = words[index % words.count]
        return index == 0 ? word : " " + word
    }

    /// The first tokens of an answer.
    static func tokens(_ count: Int) -> String { (0..<count).map(token).joined() }
}
