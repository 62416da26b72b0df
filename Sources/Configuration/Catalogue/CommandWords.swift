/// A command that was written as one text, split as a shell splits it: at spaces outside quotes. Nothing else that a shell does
/// is done: no variables, no globs, no pipes.
package enum CommandWords {
    /// - Parameter text: words; `'…'` and `"…"` keep spaces, a backslash keeps the next character.
    /// - Returns: the words; nil when a quote or a backslash is left open.
    package static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        return words + (word.map { [$0] } ?? [])
    }
}
