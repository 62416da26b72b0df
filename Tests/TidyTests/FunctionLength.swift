/// A function with a body.
struct FunctionSpan: Equatable {
    let name: String
    /// From the line of its keyword to that of its closing brace, both counted.
    let lines: Int
}

/// The longest that a function may be without an entry in `long-functions.txt`.
let functionLinesMax = 70

/// The longest that a file below Sources may be.
let fileLinesMax = 550

func functions(of file: SourceFile) -> [FunctionSpan] {
    let bytes = Array(file.code.utf8)
    let pattern = /(?:^|[^.\w`])(?:func\s+([^\s(<]+)|(init|deinit|subscript)\b(?=[?!<(\s]))/
    return file.code.matches(of: pattern).compactMap { match in
        let name = String(match.output.1 ?? match.output.2 ?? "")
        let start = file.code.utf8.distance(from: file.code.startIndex, to: match.range.upperBound)
        guard let body = bodyStart(in: bytes, from: start), let end = closing(in: bytes, openedAt: body) else {
            return nil
        }
        let newline = UInt8(ascii: "\n")
        return FunctionSpan(name: name, lines: 1 + bytes[start...end].reduce(0) { $0 + ($1 == newline ? 1 : 0) })
    }
}

/// The brace that opens a body: the first one outside parentheses. Nil for a requirement of a protocol, which is followed by
/// the next declaration or by the protocol's own end.
private func bodyStart(in bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var isAtLineStart = false
    for position in start..<bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "{") where depth <= 0: return position
        case UInt8(ascii: "}") where depth <= 0: return nil
        case UInt8(ascii: "\n"): isAtLineStart = true
        case UInt8(ascii: " "): break
        case UInt8(ascii: "@") where depth <= 0 && isAtLineStart: return nil
        default:
            if depth <= 0 && isAtLineStart && startsDeclaration(bytes[position...]) { return nil }
            isAtLineStart = false
        }
    }
    return nil
}

private func startsDeclaration(_ bytes: ArraySlice<UInt8>) -> Bool {
    ["func ", "var ", "let ", "init", "static ", "mutating ", "associatedtype ", "subscript", "case "]
        .contains { bytes.starts(with: $0.utf8) }
}

private func closing(in bytes: [UInt8], openedAt start: Int) -> Int? {
    var depth = 0
    for position in start..<bytes.count {
        if bytes[position] == UInt8(ascii: "{") { depth += 1 }
        if bytes[position] == UInt8(ascii: "}") {
            depth -= 1
            if depth == 0 { return position }
        }
    }
    return nil
}

/// Compares functions past the limit with the list of those that are borne with: one line each, `path name lines`.
///
/// The list may only shrink: a listed function may not grow, and one that became shorter is entered with its new length or,
/// below the limit, taken out.
func functionLengthFaults(_ files: [SourceFile], allowed list: String) -> [String] {
    var allowed: [String: Int] = [:]
    for line in list.split(separator: "\n") where !line.hasPrefix("#") {
        let parts = line.split(separator: " ")
        guard parts.count == 3, let lines = Int(parts[2]) else { return ["not \"path name lines\": \(line)"] }
        allowed["\(parts[0]) \(parts[1])"] = lines
    }
    var faults: [String] = []
    for file in files {
        for function in functions(of: file) where function.lines > functionLinesMax {
            let entry = "\(file.path) \(function.name)"
            let limit = allowed.removeValue(forKey: entry)
            if limit != function.lines {
                faults.append("\(entry) has \(function.lines) lines; allowed are \(limit ?? functionLinesMax)")
            }
        }
    }
    return faults + allowed.keys.sorted().map { "\($0) is listed, but no longer too long: take it out of the list" }
}

func overlongFiles(_ files: [SourceFile]) -> [String] {
    files.filter { $0.lineCount > fileLinesMax }.map { "\($0.path) has \($0.lineCount) lines; at most \(fileLinesMax)" }
}
