internal import ArgumentParser
internal import Foundation

/// Keeps results from overwriting what they were made from, or each other.
enum DistinctFiles {
    /// - Throws: when a file is to be written that is also read, or written twice. `-` is no file.
    static func require(inputs: [String], outputs: [String]) throws {
        var taken = Dictionary(inputs.map { (resolved($0), "is read") }, uniquingKeysWith: { first, _ in first })
        for output in outputs where output != "-" {
            if let use = taken[resolved(output)] {
                throw ValidationError("\(output) \(use) too: give what is written a name of its own.")
            }
            taken[resolved(output)] = "is written"
        }
    }

    private static func resolved(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
