internal import Fleet

/// Goes through a file along the catalogue: every key must be known, there where it must, and of its kind.
struct CatalogueWalk {
    private(set) var values = ConfigurationValues()
    private(set) var problems: [ConfigurationProblem] = []
    let file: String
    /// Whether the parts at the top that every configuration has must be there.
    private let isWhole: Bool

    init(file: String, isWhole: Bool = true) {
        self.file = file
        self.isWhole = isWhole
    }

    mutating func walk(_ tree: YAMLTree) { section(tree, CatalogueNode.root, path: "") }

    private mutating func add(
        _ code: ConfigurationProblem.Code, _ position: FilePosition, _ key: String, _ message: String, _ remedy: String
    ) {
        problems.append(
            ConfigurationProblem(
                severity: .error, code: code, file: file, position: position, key: key, message: message, remedy: remedy
            ))
    }

    private mutating func visit(_ pair: YAMLTree.Pair, _ node: CatalogueNode, path: String) {
        values.place(path, at: pair.keyPosition)
        switch node.content {
        case .key(let key): leaf(pair, key, path: path)
        case .section: section(pair.value, node, path: path)
        case .list: list(pair, node, path: path)
        }
    }

    private mutating func section(_ tree: YAMLTree, _ node: CatalogueNode, path: String) {
        let children = node.children
        // A section whose keys are all commented out is an empty one.
        let isEmpty = tree.isNull
        guard case .mapping(let pairs) = isEmpty ? .mapping([]) : tree.content else {
            let names = children.map(\.name)
            let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", …" : "")
            return add(
                .wrongType, tree.position, path, "\(tree.kindName) stands where keys belong",
                "write KEY: VALUE lines with the keys \(shown)")
        }
        for pair in pairs {
            let childPath = path.isEmpty ? pair.key : "\(path).\(pair.key)"
            if let child = children.first(where: { $0.name == pair.key }) {
                visit(pair, child, path: childPath)
            } else {
                let remedy = UnknownKey.remedy(pair.key, among: children, in: node.pattern)
                add(.unknownKey, pair.keyPosition, childPath, "there is no such key", remedy)
            }
        }
        let present = Set(pairs.map(\.key))
        for child in children where child.isRequired && !present.contains(child.name) && (isWhole || !path.isEmpty) {
            let position = path.isEmpty ? FilePosition.start : values.position(of: path)
            add(.missingKey, position, path.isEmpty ? child.name : "\(path).\(child.name)", "is missing", child.remedy)
        }
    }

    private mutating func list(_ pair: YAMLTree.Pair, _ node: CatalogueNode, path: String) {
        guard case .sequence(let entries) = pair.value.content else {
            return add(
                .wrongType, pair.value.position, path, "\(pair.value.kindName) stands where a list belongs",
                "begin each entry with '- '")
        }
        let limit = ConfigurationCatalogue.entryLimits[node.pattern] ?? 0
        guard (1...limit).contains(entries.count) else {
            return add(
                .outOfRange, pair.value.position, path, "the list has \(entries.count) entries",
                "write 1 to \(limit) entries\(entries.isEmpty && !node.isRequired ? ", or remove the key" : "")")
        }
        values.count(entries.count, of: path)
        for (index, entry) in entries.enumerated() {
            values.place("\(path)[\(index)]", at: entry.position)
            section(entry, node, path: "\(path)[\(index)]")
        }
    }

    private mutating func leaf(_ pair: YAMLTree.Pair, _ key: CatalogueKey, path: String) {
        let position = pair.value.position
        guard !pair.value.isNull else {
            let remedy = "\(key.kind.remedy)\(key.isRequired ? "" : ", or remove the key")"
            return add(.missingValue, pair.keyPosition, path, "has no value", remedy)
        }
        var reader = LeafReader(kind: key.kind, path: path)
        let value = reader.value(of: pair.value)
        for failure in reader.failures {
            add(failure.failure.code, failure.position, failure.key, failure.failure.message, failure.failure.remedy)
        }
        if let value { values.set(value, at: path, position: position) }
    }
}

extension CatalogueNode {
    var children: [CatalogueNode] {
        switch content {
        case .key: []
        case .section(let nodes), .list(let nodes): nodes
        }
    }

    /// What to write where it is missing.
    var remedy: String {
        switch content {
        case .key(let key): "add '\(name):'; \(key.kind.remedy)"
        case .section(let nodes): "add '\(name):' with one of \(nodes.map(\.name).joined(separator: ", ")) below it"
        case .list(let nodes): "add '\(name):' with entries that begin with '- \(nodes.first?.name ?? ""):'"
        }
    }
}
