/// A small comma-separated table with a header, kept whole in memory (RFC 4180: quotes, doubled quotes, CRLF).
struct CSVTable {
    /// A row of the table.
    struct Row {
        /// Where it starts in the file, from 1.
        var line: Int
        var fields: [String]
    }

    let header: [String]
    let rows: [Row]
    /// Positions of the columns by their names in small letters.
    private let positions: [String: Int]

    /// Rows without any content are left out; so is a byte order mark.
    init(_ text: String) {
        var splitter = Splitter()
        for character in text { splitter.take(character) }
        let records = splitter.finish().filter { !$0.fields.allSatisfy(\.isEmpty) }
        header = records.first?.fields ?? []
        rows = Array(records.dropFirst())
        positions = Dictionary(
            header.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Position of a column, whatever its case.
    func index(of column: String) -> Int? { positions[column.lowercased()] }

    /// Takes a text apart character by character.
    private struct Splitter {
        private enum State {
            /// Outside quotes.
            case plain
            /// Inside quotes, where commas and line ends are text.
            case quoted
            /// After a quote inside quotes: the end of the quotes, or the first of a doubled one.
            case quoteInQuoted
        }

        private var state = State.plain
        private var rows: [Row] = []
        private var current = Row(line: 1, fields: [])
        private var field = ""
        private var line = 1

        mutating func take(_ character: Character) {
            if character.isNewline { line += 1 }
            switch (state, character) {
            case (.quoted, "\""): state = .quoteInQuoted
            case (.quoted, _): field.append(character)
            case (.quoteInQuoted, "\""):
                field.append("\"")
                state = .quoted
            case (.plain, "\""): state = .quoted
            case (.plain, _), (.quoteInQuoted, _):
                state = .plain
                takePlain(character)
            }
        }

        private mutating func takePlain(_ character: Character) {
            if character == "," {
                endField()
            } else if character.isNewline {
                endRow()
            } else if character != "\u{FEFF}" {
                field.append(character)
            }
        }

        private mutating func endField() {
            let text = field.drop(while: \.isWhitespace)
            current.fields.append(String(text.prefix(text.count - text.reversed().prefix(while: \.isWhitespace).count)))
            field = ""
        }

        private mutating func endRow() {
            endField()
            rows.append(current)
            current = Row(line: line, fields: [])
        }

        mutating func finish() -> [Row] {
            endRow()
            return rows
        }
    }
}
