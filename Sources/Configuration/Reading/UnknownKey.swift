internal import Fleet

/// What to do about a key that nobody knows.
enum UnknownKey {
    /// - Parameters:
    ///   - key: as it was written.
    ///   - siblings: what would have been known there.
    ///   - section: where it was written.
    /// - Returns: the nearest known key, or the section where it belongs, or what is known here.
    static func remedy(_ key: String, among siblings: [CatalogueNode], in section: String) -> String {
        if key == "<<" { return "merge keys are not known here: write the keys out" }
        let names = siblings.map(\.name)
        let word = key.replacing("-", with: "_").lowercased()
        if names.contains(word) { return "did you mean \(word)?" }
        let places = places(of: word)
        let nearest = NearestName.of(word, among: names)
        // A key that is right elsewhere beats one that merely looks alike.
        if let nearest, places.isEmpty || NearestName.distance(Array(word), Array(nearest)) <= 2 {
            return "did you mean \(nearest)?"
        }
        guard places.isEmpty else { return "it belongs in \(places.joined(separator: " or "))" }
        return "remove it, or write one of \(names.joined(separator: ", "))"
    }

    /// The sections in which the key would be known.
    private static func places(of name: String) -> [String] {
        var places: [String] = []
        for key in ConfigurationCatalogue.keys {
            let parts = key.pattern.split(separator: ".")
            for (index, part) in parts.enumerated() where part == name || part == name + "[]" {
                let place = parts[..<index].joined(separator: ".")
                let shown = place.isEmpty ? "the top of the file" : place
                if !places.contains(shown) { places.append(shown) }
            }
        }
        return places
    }
}
