/// A YAML document: every value with its place, aliases replaced by what they stand for.
struct YAMLTree: Hashable {
    indirect enum Content: Hashable {
        /// `isNull` is true where nothing stands behind the key, or a plain `null` or `~`.
        case scalar(String, isNull: Bool)
        case sequence([YAMLTree])
        case mapping([Pair])
    }

    struct Pair: Hashable {
        var key: String
        var keyPosition: FilePosition
        var value: YAMLTree
    }

    var position: FilePosition
    var content: Content

    var isNull: Bool {
        if case .scalar(_, isNull: true) = content { true } else { false }
    }

    /// What it is, in words for a message.
    var kindName: String {
        switch content {
        case .scalar(_, isNull: true): "nothing"
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping: "a group of keys"
        }
    }
}
