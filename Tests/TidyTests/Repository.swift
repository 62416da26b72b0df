import Foundation

/// The repository that these tests lie in.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// All Swift files of Sources, Tests and Benchmarks, sorted by path.
    static let swiftFiles: [SourceFile] = ["Sources", "Tests", "Benchmarks"].flatMap { paths(below: $0) }
        .filter { $0.hasSuffix(".swift") }
        .map { SourceFile($0, text(of: $0)) }

    static let sources = swiftFiles.filter { $0.path.hasPrefix("Sources/") }

    static let manifest = SourceFile("Package.swift", text(of: "Package.swift"))

    /// README, CHANGELOG and docs, by path.
    static let pages: [String: String] = Dictionary(
        uniqueKeysWithValues: (["README.md", "CHANGELOG.md"] + paths(below: "docs").filter { $0.hasSuffix(".md") })
            .filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
            .map { ($0, text(of: $0)) })

    /// Every file, from the root: what git knows is not asked, hidden folders and built things are left out.
    static let allPaths: [String] = paths(below: "")

    static func text(of path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func paths(below folder: String) -> [String] {
        let base = folder.isEmpty ? root : root.appending(path: folder)
        guard
            let walk = FileManager.default.enumerator(
                at: base, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else { return [] }
        var result: [String] = []
        for case let url as URL in walk {
            if ["out", "node_modules"].contains(url.lastPathComponent) { walk.skipDescendants() }
            guard (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true else { continue }
            result.append(String(url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count + 1)))
        }
        return result.sorted()
    }
}
