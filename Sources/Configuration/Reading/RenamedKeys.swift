/// Keys that stood twice, renamed in the text so that parsing goes on: to as many characters that nobody types.
struct RenamedKeys {
    private var names: [String: String] = [:]

    /// The first of the Unicode characters for private use.
    private static let firstScalar: UInt32 = 0xE000

    /// The name that a renamed key had; nil for others.
    func original(_ key: String) -> String? { names[key] }

    /// The text with the key at `position` renamed; nil when it does not stand there as it reads.
    mutating func rename(_ key: String, at position: FilePosition, in text: String) -> String? {
        guard let scalar = Unicode.Scalar(Self.firstScalar + UInt32(names.count)), !key.isEmpty else { return nil }
        let substitute = String(repeating: String(scalar), count: key.unicodeScalars.count)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(position.line - 1) else { return nil }
        let scalars = lines[position.line - 1].unicodeScalars
        guard let start = scalars.index(scalars.startIndex, offsetBy: position.column - 1, limitedBy: scalars.endIndex)
        else { return nil }
        let head = String(scalars[..<start])
        let tail = String(scalars[start...])
        for quote in ["", "\"", "'"] where tail.hasPrefix(quote + key) {
            lines[position.line - 1] = head + quote + substitute + tail.dropFirst(quote.count + key.count)
            names[substitute] = key
            return lines.joined(separator: "\n")
        }
        return nil
    }
}
