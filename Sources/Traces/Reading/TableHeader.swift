/// The first line of a table: which column holds what.
struct TableHeader {
    /// The names as the file has them.
    let names: [String]
    let separator: UInt8
    /// Names without case, blanks, underscores and hyphens.
    private let plainNames: [String]

    init(_ line: UnsafeBufferPointer<UInt8>) {
        separator = Self.separator(of: line)
        var names: [String] = []
        var fields = FieldSplitter(Self.withoutByteOrderMark(line), separator: separator)
        while let field = fields.next(), names.count < ReadingLimits.columnsMax { names.append(field.text) }
        self.names = names
        plainNames = names.map(Self.plain)
    }

    /// The first column with one of these names, in the order of preference given.
    func index(of candidates: [String]) -> Int? {
        for candidate in candidates {
            if let index = plainNames.firstIndex(of: Self.plain(candidate)) { return index }
        }
        return nil
    }

    func contains(_ name: String) -> Bool { index(of: [name]) != nil }

    /// The columns as a message lists them.
    var description: String { names.joined(separator: ", ") }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" })
    }

    private static func separator(of line: UnsafeBufferPointer<UInt8>) -> UInt8 {
        for candidate in [UInt8(ascii: ","), UInt8(ascii: ";"), 9] where line.contains(candidate) { return candidate }
        return UInt8(ascii: ",")
    }

    private static func withoutByteOrderMark(_ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        line.starts(with: [0xef, 0xbb, 0xbf]) ? UnsafeBufferPointer(rebasing: line.dropFirst(3)) : line
    }
}
