internal import Fleet
internal import Foundation
internal import Policies

/// A schedule made elsewhere: `time_s,desired`, the first row being the fleet that is ready at time 0.
struct ScheduleFile {
    let initialReady: Int
    let steps: [SchedulePolicy.Step]

    /// - Throws: `CommandError` naming the file, the line and the remedy.
    init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CommandError("\(path): cannot be read: \(error.localizedDescription) Check the path.")
        }
        var rows: [SchedulePolicy.Step] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard let header = lines.first, header.trimmingCharacters(in: .whitespaces) == "time_s,desired" else {
            throw CommandError("\(path), line 1: the header must be `time_s,desired`.")
        }
        for (index, line) in lines.enumerated().dropFirst() where !line.allSatisfy(\.isWhitespace) {
            rows.append(try ScheduleFile.row(line, path: path, line: index + 1, after: rows.last))
        }
        guard let first = rows.first else {
            throw CommandError("\(path): no rows. The first one says how many replicas are ready at time 0: `0,2`.")
        }
        guard first.at.seconds == 0 else {
            throw CommandError(
                "\(path), line 2: the first row is the fleet at time 0, found time \(first.at.seconds).")
        }
        initialReady = first.desired
        steps = Array(rows.dropFirst())
    }

    private static func row(
        _ text: Substring, path: String, line: Int, after previous: SchedulePolicy.Step?
    ) throws -> SchedulePolicy.Step {
        let fields = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard fields.count == 2, let time = Double(fields[0]), time.isFinite, let desired = Int(fields[1]), desired >= 0
        else {
            throw CommandError("\(path), line \(line): expected seconds and a replica count, found `\(text)`.")
        }
        if let previous, time <= previous.at.seconds {
            throw CommandError("\(path), line \(line): times must grow, found \(time) after \(previous.at.seconds).")
        }
        return SchedulePolicy.Step(at: Instant(seconds: time), desired: desired)
    }
}
