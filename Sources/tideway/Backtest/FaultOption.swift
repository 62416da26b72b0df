internal import ArgumentParser
internal import Fleet
internal import Simulation

/// A fault as it is typed: a kind and its values, separated by colons.
struct FaultOption: CustomStringConvertible {
    let fault: Fault
    /// As it was typed.
    let description: String

    static let discussion = """
        crash:REPLICA:AT, slow:REPLICA:FACTOR:FROM:UNTIL, failed-start:N, metrics-lost:FROM:UNTIL, \
        metrics-late:BY:FROM:UNTIL. REPLICA of slow may be `all`. Replicas and starts are whole numbers, counted from 0 in the order of their start; times \
        count from time 0 (90s, 1h30m), FROM before UNTIL; FACTOR is a share of the full speed, above 0.
        """

    /// - Throws: `ValidationError` that lists the forms.
    init(_ text: String) throws {
        guard let fault = FaultOption.fault(text.split(separator: ":", omittingEmptySubsequences: false)) else {
            throw ValidationError("--fault \(text) is none of these forms: \(FaultOption.discussion)")
        }
        self.fault = fault
        description = text
    }

    private static func fault(_ parts: [Substring]) -> Fault? {
        switch (parts.first, parts.count) {
        case ("crash", 3):
            guard let replica = ordinal(parts[1]), let time = time(parts[2]) else { return nil }
            return .crash(ReplicaID(replica), at: time)
        case ("slow", 5):
            guard let factor = Double(parts[2]), factor > 0, factor.isFinite, let period = period(parts[3], parts[4])
            else { return nil }
            if parts[1] == "all" { return .slow(nil, factor: factor, from: period.from, until: period.until) }
            guard let replica = ordinal(parts[1]) else { return nil }
            return .slow(ReplicaID(replica), factor: factor, from: period.from, until: period.until)
        case ("failed-start", 2): return ordinal(parts[1]).map { .failedStart(ordinal: $0) }
        case ("metrics-lost", 3):
            return period(parts[1], parts[2]).map { .metricsLost(from: $0.from, until: $0.until) }
        case ("metrics-late", 4):
            guard let delay = time(parts[1]), delay > 0, let period = period(parts[2], parts[3]) else { return nil }
            return .metricsLate(by: delay, from: period.from, until: period.until)
        default: return nil
        }
    }

    /// Replicas of a run are fewer than this.
    private static let largestOrdinal = Int(Int32.max)

    private static func ordinal(_ text: Substring) -> Int? {
        Int(text).flatMap { (0...largestOrdinal).contains($0) ? $0 : nil }
    }

    private static func time(_ text: Substring) -> Double? {
        guard let seconds = DurationOption(argument: String(text))?.seconds else { return nil }
        return (0...DurationOption.largestSeconds).contains(seconds) ? seconds : nil
    }

    private static func period(_ first: Substring, _ last: Substring) -> (from: Double, until: Double)? {
        guard let from = time(first), let until = time(last), from < until else { return nil }
        return (from, until)
    }
}
