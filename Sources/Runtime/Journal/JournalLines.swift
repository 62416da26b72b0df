internal import Foundation

/// The form of the journal's file: a line is a checksum of eight hexadecimal digits, a space, and JSON.
enum JournalLines {
    /// What a file's bytes say.
    struct Reading {
        var state = JournalState()
        var lineCount = 0
        /// Numbers of lines, from 1, whose checksum or JSON is wrong; they are passed over.
        var badLines: [Int] = []
        /// Bytes up to the end of the last whole line.
        var wholeLength = 0
    }

    static func line(_ entry: JournalEntry) -> [UInt8] {
        let json: Data
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            json = try encoder.encode(entry)
        } catch {
            preconditionFailure("an entry that has no JSON: \(entry): \(error)")
        }
        let sum = String(Checksum.of(json), radix: 16)
        let digits = String(repeating: "0", count: 8 - sum.count) + sum
        return Array("\(digits) ".utf8) + json + [UInt8(ascii: "\n")]
    }

    /// Reads as much as is whole. A last line without its end was being written when its writer ended; what it would have
    /// said had not been done yet.
    static func read(_ bytes: [UInt8]) -> Reading {
        var reading = Reading()
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            reading.lineCount += 1
            if let entry = entry(bytes[start..<end]) {
                reading.state.apply(entry)
            } else {
                reading.badLines.append(reading.lineCount)
            }
            start = end + 1
        }
        reading.wholeLength = start
        return reading
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> JournalEntry? {
        let json = line.dropFirst(9)
        guard line.count > 9, let sum = UInt32(String(decoding: line.prefix(8), as: UTF8.self), radix: 16),
            sum == Checksum.of(json)
        else { return nil }
        return try? JSONDecoder().decode(JournalEntry.self, from: Data(json))
    }
}
