/// The keys as a tree, as they lie in the file.
struct CatalogueNode: Sendable {
    /// The last part of its path, without `[]`.
    let name: String
    /// Full path, with `[]` behind lists.
    let pattern: String
    let content: Content

    enum Content: Sendable {
        case key(CatalogueKey)
        case section([CatalogueNode])
        /// A list of sections.
        case list([CatalogueNode])
    }

    static let root = CatalogueNode(
        name: "", pattern: "", content: .section(children(of: "", among: ConfigurationCatalogue.keys)))

    var isRequired: Bool {
        if case .key(let key) = content { return key.isRequired }
        return ConfigurationCatalogue.requiredSections.contains(pattern)
    }

    /// The nodes directly below `prefix`, in the order of the catalogue.
    private static func children(of prefix: String, among keys: [CatalogueKey]) -> [CatalogueNode] {
        var names: [Substring] = []
        for key in keys {
            guard let name = key.pattern.dropFirst(prefix.count).split(separator: ".").first, !names.contains(name)
            else {
                continue
            }
            names.append(name)
        }
        return names.map { node(prefix + $0, name: $0, among: keys) }
    }

    private static func node(_ pattern: String, name: Substring, among keys: [CatalogueKey]) -> CatalogueNode {
        if let key = keys.first(where: { $0.pattern == pattern }) {
            return CatalogueNode(name: String(name), pattern: pattern, content: .key(key))
        }
        let nodes = children(of: pattern + ".", among: keys.filter { $0.pattern.hasPrefix(pattern + ".") })
        guard name.hasSuffix("[]") else {
            return CatalogueNode(name: String(name), pattern: pattern, content: .section(nodes))
        }
        return CatalogueNode(name: String(name.dropLast(2)), pattern: pattern, content: .list(nodes))
    }
}
