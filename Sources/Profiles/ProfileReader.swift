internal import Fleet
internal import Foundation
package import Performance

/// Reads a profile file: one JSON object in SI units (docs/profiles.md).
package struct ProfileReader {
    /// Prompt tokens per mixed iteration when a file does not say.
    static let defaultChunkTokens = 512.0
    /// Prefill accepted in advance when a file does not say (reference plant, W).
    static let defaultBacklogSeconds = 0.25

    private let text: String
    private let values: [String: ProfileValue]
    private var problems: [ProfileError.Problem] = []

    /// The profile that a file's bytes describe.
    ///
    /// - Parameters:
    ///   - bytes: the file's contents, UTF-8.
    ///   - source: the file's path, for messages.
    /// - Returns: The profile, checked.
    /// - Throws: `ProfileError` with every problem of the file.
    package static func read(_ bytes: [UInt8], source: String) throws(ProfileError) -> PerformanceProfile {
        let values: [String: ProfileValue]
        do {
            values = try JSONDecoder().decode([String: ProfileValue].self, from: Data(bytes))
        } catch {
            throw ProfileError(.malformedJSON, source: source, message: malformed(error))
        }
        var reader = ProfileReader(text: String(decoding: bytes, as: UTF8.self), values: values)
        return try reader.profile(source: source)
    }

    /// The profile of one object of the catalogue, which has no lines of its own.
    static func read(_ values: [String: ProfileValue], source: String) throws(ProfileError) -> PerformanceProfile {
        var reader = ProfileReader(text: "", values: values)
        return try reader.profile(source: source)
    }

    private init(text: String, values: [String: ProfileValue]) {
        self.text = text
        self.values = values
    }

    private mutating func profile(source: String) throws(ProfileError) -> PerformanceProfile {
        reportUnknownAndRepeatedKeys()
        let profile = assemble()
        guard let profile, problems.isEmpty else {
            let sorted = problems.sorted { ($0.line ?? .max, $0.key ?? "") < ($1.line ?? .max, $1.key ?? "") }
            throw ProfileError(code: .invalidProfile, source: source, problems: sorted)
        }
        return profile
    }

    /// Reads every key even after a problem, so that all are found; nil when a required one is missing or wrong.
    private mutating func assemble() -> PerformanceProfile? {
        let name = text(.name, isRequired: true)
        let accelerators = count(.accelerators)
        let (c0, c1, c2) = (required(.c0), required(.c1), required(.c2))
        let (c3, c4) = (required(.c3), required(.c4))
        let c6 = number(.c6, default: 0)
        let chunk = number(.chunk, default: Self.defaultChunkTokens)
        let (maxBatch, kvTokens) = (count(.maxBatch), count(.kvTokens))
        let backlog = number(.backlogSeconds, default: Self.defaultBacklogSeconds)
        let power = powerModel()
        let price = required(.pricePerAcceleratorHour)
        let origin = text(.origin, isRequired: false)
        guard let name, let accelerators, let c0, let c1, let c2, let c3, let c4, let maxBatch, let kvTokens, let price
        else { return nil }
        return PerformanceProfile(
            name: name, accelerators: accelerators, decode: (c0, c1, c2), prefill: (c3, c4), chunkTokens: chunk,
            maxBatch: maxBatch, kvTokens: kvTokens, backlogSeconds: backlog, power: power,
            price: Price(perAcceleratorHour: price), origin: origin, c6: c6)
    }

    /// All three watts, or none of them: a file that gives only some has forgotten the others.
    private mutating func powerModel() -> PerformanceProfile.PowerModel {
        let isAssumed = truth(.powerAssumed)
        let keys = [ProfileKey.powerIdle, .powerBusy, .powerPerSequence]
        guard keys.contains(where: { values[$0.rawValue] != nil }) else {
            return .assumed
        }
        let watts = keys.map { required($0) ?? 0 }
        return PerformanceProfile.PowerModel(
            idle: Power(watts: watts[0]), busy: Power(watts: watts[1]), perSequence: Power(watts: watts[2]),
            isAssumed: isAssumed)
    }
}

// MARK: - Values of single keys

extension ProfileReader {
    private mutating func required(_ key: ProfileKey) -> Double? {
        guard let value = values[key.rawValue] else {
            report(key, "missing; add \(key.meaning), \(key.expectation)")
            return nil
        }
        guard case .number(let number) = value, accepts(number, for: key) else {
            report(key, "found \(value.found); write \(key.expectation): \(key.meaning)")
            return nil
        }
        return number
    }

    private mutating func number(_ key: ProfileKey, default fallback: Double) -> Double {
        values[key.rawValue] == nil ? fallback : required(key) ?? fallback
    }

    private mutating func count(_ key: ProfileKey) -> Int? { required(key).map { Int($0) } }

    private mutating func text(_ key: ProfileKey, isRequired: Bool) -> String? {
        guard let value = values[key.rawValue] else {
            if isRequired { report(key, "missing; add \(key.meaning), \(key.expectation)") }
            return nil
        }
        guard case .text(let text) = value, !text.isEmpty else {
            report(key, "found \(value.found); write \(key.expectation): \(key.meaning)")
            return nil
        }
        return text
    }

    private mutating func truth(_ key: ProfileKey) -> Bool {
        guard let value = values[key.rawValue] else { return false }
        guard case .truth(let truth) = value else {
            report(key, "found \(value.found); write \(key.expectation): \(key.meaning)")
            return false
        }
        return truth
    }

    private func accepts(_ number: Double, for key: ProfileKey) -> Bool {
        guard number.isFinite else { return false }
        return switch key.range {
        case .aboveZero: number > 0
        case .zeroOrMore: number >= 0
        // 2^53: beyond it a Double no longer tells neighbouring whole numbers apart.
        case .count: number >= 1 && number <= 9_007_199_254_740_992 && number == number.rounded()
        case nil: false
        }
    }
}

// MARK: - Problems

extension ProfileReader {
    private mutating func report(_ key: ProfileKey, _ message: String) {
        problems.append(.init(line: lines(of: key.rawValue).first, key: key.rawValue, message: message))
    }

    private mutating func reportUnknownAndRepeatedKeys() {
        let known = ProfileKey.allCases.map(\.rawValue)
        for key in values.keys.sorted() {
            let lines = lines(of: key)
            if !known.contains(key) {
                let remedy = NearestName.of(key, among: known).map { "did you mean \($0)?" } ?? "remove it"
                let message = "unknown key; \(remedy) (known keys: \(known.joined(separator: ", ")))"
                problems.append(.init(line: lines.first, key: key, message: message))
            } else if lines.count > 1 {
                problems.append(.init(line: lines[1], key: key, message: "given twice; remove one"))
            }
        }
    }

    /// Lines, from 1, on which `"key"` is followed by a colon. A profile is flat, so no other key can bear its name.
    private func lines(of key: String) -> [Int] {
        var found: [Int] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.components(separatedBy: "\"\(key)\"").dropFirst()
            let uses = parts.filter { $0.drop(while: \.isWhitespace).first == ":" }
            found += Array(repeating: index + 1, count: uses.count)
        }
        return found
    }

    /// What the JSON reader says, and the usual reasons.
    private static func malformed(_ error: any Error) -> String {
        var reason = "\(error)"
        if case DecodingError.dataCorrupted(let context) = error {
            let underlying = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String
            reason = underlying ?? context.debugDescription
        } else if case DecodingError.typeMismatch = error {
            reason = "the outermost value is no object"
        }
        return "not a JSON object: \(reason) Write one object in braces; NaN, Infinity and comments are not JSON."
    }
}
