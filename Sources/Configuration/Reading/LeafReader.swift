/// Reads the value behind one key, with every mistake in it.
struct LeafReader {
    struct Failure {
        var failure: ValueFailure
        var position: FilePosition
        var key: String
    }

    let kind: ValueKind
    let path: String
    private(set) var failures: [Failure] = []

    init(kind: ValueKind, path: String) {
        self.kind = kind
        self.path = path
    }

    /// The value; nil when there were failures.
    mutating func value(of tree: YAMLTree) -> ConfigurationValue? {
        let value: ConfigurationValue? =
            switch (kind, tree.content) {
            case (.texts(let form, let countMax), .sequence(let entries)):
                texts(entries, form, countMax: countMax, in: tree).map { .texts($0) }
            case (.command, .sequence(let entries)):
                texts(entries, nil, countMax: Self.wordsMax, in: tree).map { .texts($0) }
            case (.pairs(let countMax), .mapping(let pairs)):
                self.pairs(pairs, countMax: countMax, in: tree).map { .pairs($0) }
            case (.pairs, .scalar), (.pairs, .sequence):
                fail(kind.wrongType("\(tree.kindName) stands where names and texts belong"), tree.position)
            case (_, .scalar(let text, _)): scalar(text, at: tree.position)
            case (_, .sequence), (_, .mapping):
                fail(kind.wrongType("\(tree.kindName) stands where a \(kind.name) belongs"), tree.position)
            }
        return failures.isEmpty ? value : nil
    }

    /// Words of a command at most.
    private static let wordsMax = 1000

    private mutating func fail<Value>(_ failure: ValueFailure, _ position: FilePosition, entry: String = "") -> Value? {
        failures.append(Failure(failure: failure, position: position, key: path + entry))
        return nil
    }

    private mutating func scalar(_ text: String, at position: FilePosition) -> ConfigurationValue? {
        do throws(ValueFailure) {
            return try kind.value(of: text)
        } catch {
            return fail(error, position)
        }
    }

    /// Several texts. `form` is nil for the words of a command, of which only the first must not be empty.
    private mutating func texts(_ entries: [YAMLTree], _ form: TextForm?, countMax: Int, in list: YAMLTree) -> [String]?
    {
        guard (1...countMax).contains(entries.count) else {
            let failure = ValueFailure(
                code: .outOfRange, message: "the list has \(entries.count) entries",
                remedy: "write 1 to \(countMax) entries")
            return fail(failure, list.position)
        }
        var texts: [String] = []
        for (index, entry) in entries.enumerated() {
            let isAnyText = form == nil && index > 0
            texts.append(text(entry, isAnyText ? nil : form ?? .any, entry: "[\(index)]") ?? "")
        }
        return texts
    }

    private mutating func pairs(
        _ pairs: [YAMLTree.Pair], countMax: Int, in tree: YAMLTree
    ) -> [String: String]? {
        guard pairs.count <= countMax else {
            return fail(
                ValueFailure(
                    code: .outOfRange, message: "there are \(pairs.count) entries", remedy: "write at most \(countMax)"),
                tree.position)
        }
        var result: [String: String] = [:]
        for pair in pairs {
            if !TextForm.variable.accepts(pair.key) {
                let failure = ValueFailure(
                    code: .malformed, message: "\(quoted(pair.key)) cannot be a name",
                    remedy: TextForm.variable.expectation)
                let _: String? = fail(failure, pair.keyPosition, entry: ".\(pair.key)")
            }
            result[pair.key] = text(pair.value, nil, entry: ".\(pair.key)")
        }
        return result
    }

    /// One text of several. Without a form it may be empty or have several lines.
    private mutating func text(_ tree: YAMLTree, _ form: TextForm?, entry: String) -> String? {
        guard case .scalar(let text, let isNull) = tree.content else {
            return fail(
                ValueFailure(
                    code: .wrongType, message: "\(tree.kindName) stands where a text belongs", remedy: "write a text"),
                tree.position, entry: entry)
        }
        guard !isNull else {
            let failure = ValueFailure(
                code: .missingValue, message: "has no value", remedy: "write a text; \"\" is an empty one")
            return fail(failure, tree.position, entry: entry)
        }
        do throws(ValueFailure) {
            if let form { return try ValueKind.text(text, form) }
            guard text.count <= TextForm.lengthMax, !text.contains("\0") else {
                throw ValueFailure(code: .malformed, message: "cannot be used", remedy: TextForm.any.expectation)
            }
            return text
        } catch {
            return fail(error, tree.position, entry: entry)
        }
    }
}
