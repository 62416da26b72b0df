internal import Yams

/// Turns parsed nodes into trees, within a number of values, and finds the keys that stand twice.
struct YAMLConversion {
    struct Finding {
        var code: ConfigurationProblem.Code
        var position: FilePosition
        var key: String
        var message: String
        var remedy: String
    }

    let renamed: RenamedKeys
    /// Zero when there were too many.
    var valuesLeft: Int
    var findings: [Finding] = []

    init(renamed: RenamedKeys, valuesLeft: Int) {
        self.renamed = renamed
        self.valuesLeft = valuesLeft
    }

    mutating func tree(_ node: Node, path: String) -> YAMLTree {
        let position = node.mark.map { FilePosition(line: $0.line, column: $0.column) } ?? .start
        guard valuesLeft > 0 else { return YAMLTree(position: position, content: .scalar("", isNull: true)) }
        valuesLeft -= 1
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            return YAMLTree(position: position, content: .scalar(scalar.string, isNull: isNull))
        case .sequence(let sequence):
            let entries = sequence.enumerated().map { tree($0.element, path: "\(path)[\($0.offset)]") }
            return YAMLTree(position: position, content: .sequence(entries))
        case .mapping(let mapping):
            return YAMLTree(position: position, content: .mapping(pairs(mapping, path: path)))
        case .alias:
            return YAMLTree(position: position, content: .scalar("", isNull: true))
        }
    }

    private mutating func pairs(_ mapping: Node.Mapping, path: String) -> [YAMLTree.Pair] {
        var pairs: [YAMLTree.Pair] = []
        var earlier: [String: FilePosition] = [:]
        for (keyNode, valueNode) in mapping where valuesLeft > 0 {
            let position = keyNode.mark.map { FilePosition(line: $0.line, column: $0.column) } ?? .start
            guard case .scalar(let scalar) = keyNode else {
                findings.append(
                    Finding(
                        code: .wrongType, position: position, key: path, message: "a key is not a single word",
                        remedy: "write KEY: VALUE"))
                continue
            }
            if let original = renamed.original(scalar.string) {
                earlier[original] = earlier[original] ?? position
                continue
            }
            let keyPath = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
            if let first = earlier[scalar.string] { addDuplicate(scalar.string, keyPath, position, first) }
            earlier[scalar.string] = earlier[scalar.string] ?? position
            pairs.append(
                YAMLTree.Pair(key: scalar.string, keyPosition: position, value: tree(valueNode, path: keyPath)))
        }
        return pairs
    }

    private mutating func addDuplicate(_ key: String, _ path: String, _ position: FilePosition, _ first: FilePosition) {
        findings.append(
            Finding(
                code: .duplicateKey, position: position, key: path,
                message: "the key \(quoted(key)) stands twice, first in line \(first.line)",
                remedy: "remove one of them"))
    }
}
