/// Names that say nothing about what is inside.
private let emptyWords: Set<String> = [
    "util", "utils", "utility", "utilities", "helper", "helpers", "common", "misc", "legacy",
]

/// No folder, file or module is called by an empty word, alone or as a part ("StringUtils").
func emptyNames(_ paths: [String]) -> [String] {
    paths.filter { path in
        path.split(separator: "/").contains { component in
            let stem = String(component.split(separator: ".").first ?? "")
            return stem.matches(of: /[A-Z]?[a-z]+/).contains { emptyWords.contains($0.output.lowercased()) }
        }
    }.map { "\($0): a name that says nothing" }
}

/// No `try!`, no `as!`: a failure of the world is thrown, a mistake of ours is a precondition with a sentence.
func forcedOperators(_ files: [SourceFile]) -> [String] {
    files.flatMap { file in
        file.code.matches(of: /\b(try|as)!/).map {
            "\(file.path):\(file.line(of: $0.range.lowerBound)): \($0.output.0)"
        }
    }
}

/// What is to be repaired is repaired before it is committed; what is to be done later names the issue that will do it.
func openEnds(_ files: [SourceFile]) -> [String] {
    files.flatMap { file in
        file.comments.matches(of: /\b(?:FIXME|XXX|TODO(?!\(#\d+\)))\b/).map { "\(file.path): \($0.output)" }
    }
}

func tabs(_ files: [SourceFile]) -> [String] {
    files.filter { $0.text.utf8.contains(9) }.map { "\($0.path) contains a tab" }
}

/// The program knows no machine: paths are given to it.
func machinePaths(_ files: [SourceFile]) -> [String] {
    files.flatMap { file in
        file.text.matches(of: /\/(?:home|root|tmp|Users)\//).map { "\(file.path): \($0.output)" }
    }
}
