/// The catalogue as the reference part of `docs/configuration.md`.
package enum KeyReference {
    /// Markdown: a heading and a table for each section; ends with a line feed.
    package static var markdown: String {
        ConfigurationCatalogue.sections.map(section).joined(separator: "\n")
    }

    private static func section(_ section: CatalogueSection) -> String {
        let title = section.pattern.isEmpty ? "The top of the file" : "`\(section.pattern)`"
        let rows = section.keys.map { row($0, in: section) }
        return """
            ### \(title)

            \(section.meaning)

            | key | type and range | default | a change takes effect | meaning |
            |---|---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }

    private static func row(_ key: CatalogueKey, in section: CatalogueSection) -> String {
        let name = section.pattern.isEmpty ? key.pattern : String(key.pattern.dropFirst(section.pattern.count + 1))
        let type = [key.kind.name, key.kind.rangeText].filter { !$0.isEmpty }.joined(separator: ", ")
        return "| `\(name)` | \(type) | \(defaultText(key)) | \(key.effect.rawValue) | \(key.meaning) |"
    }

    private static func defaultText(_ key: CatalogueKey) -> String {
        if key.isRequired { return "**required**" }
        guard let text = key.defaultText else { return "none" }
        return key.isDefaultWritable ? "`\(text)`" : text
    }
}
