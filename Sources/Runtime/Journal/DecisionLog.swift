internal import Control
internal import Fleet
internal import Foundation
internal import Glibc

/// Decisions as lines of JSON, in two files of a bounded number of lines: when the newer one is full it becomes the older.
package final class DecisionLog: @unchecked Sendable {
    // Sendable by use: it is made, handed over once, and then touched by the loop's task alone.

    private struct Line: Codable {
        var at: Double
        var workload: String
        var proposed: Int
        var desired: Int
        var current: Int
        var ready: Int
        var reasons: [String]
    }

    private let path: String
    private let limit: Int
    private var file: UnsafeMutablePointer<FILE>?
    private var lineCount: Int

    /// - Parameters:
    ///   - path: of the newer file; the older one has `.1` after it.
    ///   - limit: lines of each file at most, above zero.
    package init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        lineCount = bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        file = fopen(path, "ae")
    }

    deinit { if let file { fclose(file) } }

    /// Writes a decision. History is worth no order: what cannot be written is left out.
    package func append(_ decision: DecidedRecord) {
        if lineCount >= limit { rotate() }
        let record = decision.record
        let line = Line(
            at: record.at.seconds, workload: decision.workload.description, proposed: record.proposed,
            desired: record.desired, current: record.current, ready: record.ready,
            reasons: record.reasons.map(\.rawValue))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let file, let json = try? encoder.encode(line) else { return }
        fputs(String(decoding: json, as: UTF8.self) + "\n", file)
        fflush(file)
        lineCount += 1
    }

    private func rotate() {
        if let file { fclose(file) }
        rename(path, path + ".1")
        file = fopen(path, "ae")
        lineCount = 0
    }
}
