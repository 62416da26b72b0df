/// The name that a mistyped word most likely meant.
package enum NearestName {
    /// The candidate with the smallest edit distance, the first of equals; nil when none shares even half of its letters.
    package static func of(_ word: String, among candidates: [String]) -> String? {
        let ranked = candidates.map { (name: $0, distance: distance(Array(word.lowercased()), Array($0.lowercased()))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance * 2 <= max(word.count, best.name.count) ? best.name : nil
    }

    /// Insertions, removals and replacements that turn `left` into `right` (Levenshtein; one row of Wagner and Fischer's
    /// table at a time).
    package static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, min(row[column], row[column + 1]) + 1)
            }
        }
        return row[right.count]
    }
}
