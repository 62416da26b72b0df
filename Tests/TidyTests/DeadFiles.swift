import Foundation

/// Files that were only there to hold a place.
func placeholders(_ paths: [String]) -> [String] {
    paths.filter { $0.hasSuffix("/Placeholder.swift") }
}

/// Types at the top level whose name stands nowhere but in their own declaration.
///
/// A type that only its own file uses counts as used when its name stands there twice. The program's entry (`@main`) is
/// used by the system.
func unusedTypes(_ files: [SourceFile]) -> [String] {
    let occurrences = wordCounts(files)
    return files.flatMap { file in
        topLevelTypes(of: file).filter { occurrences[$0, default: 0] < 2 }
            .map { "\(file.path): \($0) is used nowhere in Sources" }
    }
}

/// Files that only extend, where no name that they declare stands anywhere else.
func unusedExtensions(_ files: [SourceFile]) -> [String] {
    let occurrences = wordCounts(files)
    return files.filter { file in
        let names = file.code.matches(of: /\b(?:func|var|let|case|typealias)\s+([A-Za-z_]\w*)/).map {
            String($0.output.1)
        }
        guard topLevelTypes(of: file).isEmpty, !names.isEmpty, !file.code.contains("@main") else { return false }
        let own = wordCounts([file])
        // Conformances and operators have names that nobody writes.
        let isConformance = file.code.contains(/extension\s+[\w.]+(?:<[^>]*>)?\s*:/)
        return !isConformance && names.allSatisfy { occurrences[$0, default: 0] <= own[$0, default: 0] && own[$0] == 1 }
    }.map { "\($0.path): nothing that it declares is used" }
}

func topLevelTypes(of file: SourceFile) -> [String] {
    let pattern =
        /(?m)^(?:@(?!main)\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate|final|indirect)\s+)*(?:struct|class|enum|actor|protocol|typealias)\s+([A-Za-z_]\w*)/
    return file.code.matches(of: pattern).filter { match in
        !file.code[..<match.range.lowerBound].hasSuffix("@main\n")
    }.map { String($0.output.1) }
}

private func wordCounts(_ files: [SourceFile]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for file in files {
        for word in file.code.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
            counts[String(word), default: 0] += 1
        }
    }
    return counts
}

/// Every page in docs is reached by a link from the README or from another page.
func unlinkedPages(_ pages: [String: String]) -> [String] {
    let linked = Set(pages.flatMap { path, text in links(in: text, of: path).filter { $0 != path } })
    return pages.keys.filter { $0.hasPrefix("docs/") && !linked.contains($0) }.sorted().map {
        "\($0): no page links to it"
    }
}

/// Links that lead to no file.
func brokenLinks(_ pages: [String: String], exists: (String) -> Bool) -> [String] {
    pages.keys.sorted().flatMap { path in
        links(in: pages[path] ?? "", of: path).filter { !exists($0) }.map { "\(path): \($0) does not exist" }
    }
}

/// The files that a page links to, from the repository's root. Links to other sites and within the page are left out.
private func links(in text: String, of path: String) -> [String] {
    text.matches(of: /\]\(([^)\s#]+)(?:#[^)]*)?\)|(?:src|href)="([^"#]+)"/).compactMap { match in
        let target = String(match.output.1 ?? match.output.2 ?? "")
        guard !target.contains(":") else { return nil }
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let resolved = URL(filePath: "/\(folder)/\(target)").standardized.path
        return String(resolved.drop { $0 == "/" })
    }
}
