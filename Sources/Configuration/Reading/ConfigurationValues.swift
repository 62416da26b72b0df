/// What a file says, key by key, each value checked by itself.
struct ConfigurationValues {
    struct Located {
        var value: ConfigurationValue
        var position: FilePosition
    }

    /// By path, such as `workloads[0].slo.ttft`.
    private var values: [String: Located] = [:]
    /// Where keys and sections stand, those with a wrong value too.
    private var positions: [String: FilePosition] = [:]
    /// Entries of lists of sections.
    private var counts: [String: Int] = [:]

    mutating func set(_ value: ConfigurationValue, at path: String, position: FilePosition) {
        values[path] = Located(value: value, position: position)
    }

    mutating func place(_ path: String, at position: FilePosition) { positions[path] = position }

    mutating func count(_ entries: Int, of path: String) { counts[path] = entries }

    /// Entries of the list at `path`; zero when there is none.
    func count(of path: String) -> Int { counts[path] ?? 0 }

    /// Whether the key or section is written in the file.
    func contains(_ path: String) -> Bool { positions[path] != nil }

    func value(_ path: String) -> ConfigurationValue? { values[path]?.value }

    /// Where the value at `path` stands, or else the nearest part that holds it.
    func position(of path: String) -> FilePosition {
        if let located = values[path] { return located.position }
        var path = Substring(path)
        while !path.isEmpty {
            if let position = positions[String(path)] { return position }
            path = path[..<(path.lastIndex { $0 == "." || $0 == "[" } ?? path.startIndex)]
        }
        return .start
    }

    /// Writes all values of the fields that are there into `root`.
    func apply<Root>(_ fields: [SettingField<Root>], to root: inout Root, under prefix: String) {
        for field in fields {
            if let located = values[prefix + field.key] { field.write(&root, located.value) }
        }
    }
}
