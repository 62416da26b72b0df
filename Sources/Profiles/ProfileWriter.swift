internal import Fleet
internal import Foundation
package import Performance

/// Writes a profile as the file that `ProfileReader` reads.
package enum ProfileWriter {
    /// The file's text: one key a line in the order of docs/profiles.md, each number with the fewest digits that read back
    /// as the same value.
    package static func json(_ profile: PerformanceProfile) -> String {
        let lines = ProfileKey.allCases.compactMap { key in
            value(of: key, in: profile).map { "  \(quoted(key.rawValue)): \($0)" }
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    private static func value(of key: ProfileKey, in profile: PerformanceProfile) -> String? {
        switch key {
        case .name: quoted(profile.name)
        case .accelerators: "\(profile.accelerators)"
        case .c0: literal(profile.c0)
        case .c1: literal(profile.c1)
        case .c2: literal(profile.c2)
        case .c3: literal(profile.c3)
        case .c4: literal(profile.c4)
        case .c6: profile.c6 > 0 ? literal(profile.c6) : nil
        case .chunk: literal(profile.chunkTokens)
        case .maxBatch: "\(profile.maxBatch)"
        case .kvTokens: "\(profile.kvTokens)"
        case .backlogSeconds: literal(profile.backlogSeconds)
        case .powerIdle: literal(profile.power.idle.watts)
        case .powerBusy: literal(profile.power.busy.watts)
        case .powerPerSequence: literal(profile.power.perSequence.watts)
        case .powerAssumed: profile.power.isAssumed ? "true" : nil
        case .pricePerAcceleratorHour: literal(profile.price.perAcceleratorHour)
        case .origin: profile.origin.map(quoted)
        }
    }

    /// A JSON number; whole ones without a fraction.
    static func literal(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
