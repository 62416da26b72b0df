/// A Swift file as the rules see it: its text, and the same text with one kind of thing left in and all else blanked.
struct SourceFile {
    /// From the repository's root: "Sources/Fleet/Instant.swift".
    let path: String
    let text: String
    /// Comments and the contents of strings are blank; lines stay where they are.
    let code: String
    /// Everything but comments is blank.
    let comments: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        var lexer = Lexer(text)
        lexer.readCode(untilClosing: false)
        code = String(decoding: lexer.code, as: UTF8.self)
        comments = String(decoding: lexer.comments, as: UTF8.self)
    }

    /// The folder below Sources or Tests.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// The file's name without folders and ending.
    var stem: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.split(separator: ".").first ?? "")
    }

    var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }

    /// The line, counted from 1, on which `index` of `code` lies.
    func line(of index: String.Index) -> Int {
        code.utf8[..<index].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    }
}

/// Tells code from comments and strings: nested comments, raw and multi-line strings, interpolations.
private struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        let blank = bytes.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        code = blank
        comments = blank
    }

    /// Reads code up to the end, or up to the parenthesis that closes an interpolation.
    mutating func readCode(untilClosing: Bool) {
        var depth = 0
        while position < bytes.count {
            if starts(with: "//") {
                readLineComment()
            } else if starts(with: "/*") {
                readBlockComment()
            } else if let hashes = stringOpening() {
                readString(hashes: hashes)
            } else if let end = regexEnd() {
                position = end
            } else {
                if bytes[position] == UInt8(ascii: "(") { depth += 1 }
                if bytes[position] == UInt8(ascii: ")") {
                    if depth == 0 && untilClosing { return }
                    depth -= 1
                }
                keepCode()
            }
        }
    }

    private func starts(with word: String) -> Bool {
        bytes[position...].starts(with: word.utf8)
    }

    /// The number of `#` before a quotation mark that opens a string here; nil when none does.
    private func stringOpening() -> Int? {
        var end = position
        while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
        return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - position : nil
    }

    /// Behind the slash that closes a regular expression that opens here; nil when none does.
    private func regexEnd() -> Int? {
        guard bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] != UInt8(ascii: " ")
        else { return nil }
        let before = code[..<position].last { $0 != UInt8(ascii: " ") } ?? UInt8(ascii: "\n")
        guard "(,=:[{\n".utf8.contains(before) else { return nil }
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
            if bytes[end] == UInt8(ascii: "/") { return end + 1 }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private mutating func keepCode() {
        code[position] = bytes[position]
        position += 1
    }

    private mutating func readLineComment() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
            comments[position] = bytes[position]
            position += 1
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            let step = starts(with: "/*") || starts(with: "*/") ? 2 : 1
            if starts(with: "/*") { depth += 1 }
            if starts(with: "*/") { depth -= 1 }
            for offset in position..<min(position + step, bytes.count) { comments[offset] = bytes[offset] }
            position += step
        } while depth > 0 && position < bytes.count
    }

    private mutating func readString(hashes: Int) {
        for _ in 0..<hashes { keepCode() }
        let fence = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        let pound = String(repeating: "#", count: hashes)
        for _ in 0..<fence.utf8.count { keepCode() }
        while position < bytes.count {
            if starts(with: fence + pound) {
                for _ in 0..<(fence.utf8.count + hashes) { keepCode() }
                return
            }
            if starts(with: "\\" + pound + "(") {
                position += 2 + hashes
                readCode(untilClosing: true)
                position += 1
            } else if hashes == 0 && bytes[position] == UInt8(ascii: "\\") {
                position += 2
            } else {
                position += 1
            }
        }
    }
}
