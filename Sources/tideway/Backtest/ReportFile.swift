internal import Foundation

/// Writes a whole file or tells why not.
enum ReportFile {
    /// Makes the file's folder where it is missing: called before long work, so that a wrong path is told at once.
    static func makeFolder(for path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try explained(path) {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    static func write(_ text: String, to path: String) throws {
        try makeFolder(for: path)
        try explained(path) { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) }
    }

    private static func explained(_ path: String, _ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            throw CommandError(
                "\(path): cannot be written: \(error.localizedDescription) Name a file in a folder that can be written."
            )
        }
    }
}
