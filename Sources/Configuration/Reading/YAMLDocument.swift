internal import Foundation
internal import Yams

/// A file of YAML, parsed once: a tree, or the reasons why there is none.
struct YAMLDocument {
    /// nil when nothing could be read, or the file is empty.
    var root: YAMLTree?
    var problems: [ConfigurationProblem] = []

    /// Bytes of a file at most.
    static let byteLimit = 1 << 20
    /// Values at most, after aliases were replaced.
    static let valueLimit = 50_000
    /// Aliases at most: few enough that replacing them stays cheap however they are nested.
    static let aliasLimit = 16
    /// Keys that stand twice and are told at once.
    private static let duplicateLimit = 20

    private let file: String

    init(bytes: [UInt8], file: String) {
        self.file = file
        read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) {
        guard bytes.count <= Self.byteLimit else {
            return add(
                .fileTooLarge, .start, "has more than \(ByteSize.text(Self.byteLimit))",
                "split what it serves over several configurations")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return add(.notUTF8, Self.firstBadPosition(bytes), "is not UTF-8", "save the file as UTF-8")
        }
        guard Self.aliasCount(text) <= Self.aliasLimit else {
            return add(
                .tooManyAliases, .start, "has more than \(Self.aliasLimit) aliases (*name)", "write their values out")
        }
        // For Swift, a carriage return and a line feed are one character.
        parse(text.replacing("\r\n", with: "\n"))
    }

    private mutating func add(
        _ code: ConfigurationProblem.Code, _ position: FilePosition, _ message: String, _ remedy: String,
        key: String = ""
    ) {
        problems.append(
            ConfigurationProblem(
                severity: .error, code: code, file: file, position: position, key: key, message: message, remedy: remedy
            ))
    }

    /// Where the first line with bytes that are no UTF-8 begins.
    private static func firstBadPosition(_ bytes: [UInt8]) -> FilePosition {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        return FilePosition(line: line + 1, column: 1)
    }

    /// Words that look like aliases. A few in texts do no harm: the limit only has to keep nested ones from exploding.
    private static func aliasCount(_ text: String) -> Int {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return 0 }
        return text.matches(of: /(?:^|[\s,:\[{?-])\*[A-Za-z0-9_-]+/).count
    }
}

extension YAMLDocument {
    /// Parses again after each key that stands twice, with the first of the two renamed, so that all are found.
    private mutating func parse(_ text: String) {
        var text = text
        var renamed = RenamedKeys()
        for _ in 0...Self.duplicateLimit {
            do {
                guard let node = try Parser(yaml: text, encoding: .utf8).singleRoot() else { return addEmpty() }
                return convert(node, renamed)
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
                let position = FilePosition(line: context.mark.line, column: context.mark.column)
                if let changed = renamed.rename(duplicates.first ?? "", at: position, in: text) {
                    text = changed
                } else {
                    return add(
                        .duplicateKey, position, "the key \(quoted(duplicates.first ?? "")) stands twice", "remove one")
                }
            } catch {
                return addSyntax(error, text)
            }
        }
        add(.duplicateKey, .start, "more than \(Self.duplicateLimit) keys stand twice", "remove one of each")
    }

    private mutating func addEmpty() {
        add(.emptyFile, .start, "the file is empty", "write one with: tideway init")
    }

    private mutating func convert(_ node: Node, _ renamed: RenamedKeys) {
        var conversion = YAMLConversion(renamed: renamed, valuesLeft: Self.valueLimit)
        let tree = conversion.tree(node, path: "")
        for finding in conversion.findings {
            add(finding.code, finding.position, finding.message, finding.remedy, key: finding.key)
        }
        guard conversion.valuesLeft > 0 else {
            return add(
                .tooManyValues, .start, "has more than \(Self.valueLimit) values once aliases are replaced",
                "use fewer aliases, or split the file")
        }
        if tree.isNull { addEmpty() } else { root = tree }
    }

    private mutating func addSyntax(_ error: any Error, _ text: String) {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _):
            // What was never closed is shown where it was opened.
            let shown = problem.contains("end of stream") ? context?.mark ?? mark : mark
            let position = FilePosition(line: shown.line, column: shown.column)
            if let tab = Self.tab(near: position, in: text) {
                return add(.tab, tab, "the line is indented with a tab", "indent with spaces")
            }
            let place = context.map { " (\($0.text) in line \($0.mark.line))" } ?? ""
            add(
                .syntax, position, "this is not YAML: \(problem)\(place)",
                "check the indentation, colons, quotes and brackets here and in the line above")
        case YamlError.composer(_, let problem, let mark, _):
            let position = FilePosition(line: mark.line, column: mark.column)
            if problem.contains("another document") {
                return add(
                    .severalDocuments, position, "a second document begins here", "keep one, without '---' lines")
            }
            add(.syntax, position, "this is not YAML: \(problem)", "write the value out in place of the alias")
        case YamlError.reader(let problem, let offset, _, let yaml):
            add(.syntax, Self.position(at: offset, in: yaml), "a character cannot be used: \(problem)", "remove it")
        default:
            add(.syntax, .start, "this cannot be read as YAML", "check the file")
        }
    }

    private static func position(at offset: Int?, in text: String) -> FilePosition {
        guard let offset else { return .start }
        let before = text.prefix(offset)
        let line = before.count(where: \.isNewline) + 1
        return FilePosition(line: line, column: (before.split(whereSeparator: \.isNewline).last?.count ?? 0) + 1)
    }

    /// A tab in the indentation of the line where parsing stopped, or of the one before.
    private static func tab(near position: FilePosition, in text: String) -> FilePosition? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in [position.line, position.line - 1] where lines.indices.contains(line - 1) {
            let indentation = lines[line - 1].prefix { $0 == " " || $0 == "\t" }
            if let tab = indentation.firstIndex(of: "\t"), indentation.count < lines[line - 1].count {
                return FilePosition(line: line, column: indentation.distance(from: indentation.startIndex, to: tab) + 1)
            }
        }
        return nil
    }
}
