internal import ArgumentParser
internal import Fleet
internal import Foundation
internal import Performance
internal import Profiles

/// `tideway profile show`: one profile with units, checked; or as a file.
struct ProfileShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Check a profile and show it with its units.")

    @Argument(help: "A name from `tideway profile list`, or the path of a profile file.")
    var profile: String

    @Flag(help: "Print the profile file: a start for your own.")
    var json = false

    func run() throws {
        let profile = try ProfileCatalogue.load(profile)
        print(json ? ProfileWriter.json(profile) : ProfileText.describe(profile), terminator: "")
    }
}

/// A profile as people read it.
enum ProfileText {
    static func describe(_ profile: PerformanceProfile) -> String {
        let accelerators = profile.accelerators == 1 ? "1 accelerator" : "\(profile.accelerators) accelerators"
        var lines = ["\(profile.name), \(accelerators) per replica", ""] + coefficients(profile)
        lines += ["", String(format: "  batch at most         %d requests", profile.maxBatch)]
        lines.append("  context at most       \(profile.kvTokens) tokens")
        lines.append(String(format: "  prefill per step      %.0f tokens", profile.chunkTokens))
        lines.append(String(format: "  prefill in advance    %.3g s", profile.backlogSeconds))
        lines.append(power(profile.power))
        lines.append(
            String(format: "  price                 %.4g per accelerator-hour", profile.price.perAcceleratorHour))
        lines.append(example(profile))
        if let origin = profile.origin { lines += ["", "origin: \(origin)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    static func coefficients(_ profile: PerformanceProfile) -> [String] {
        let lines = [
            String(format: "  c0 %9.4g ms  per decode step", profile.c0 * 1e3),
            String(format: "  c1 %9.4g us  per step and sequence", profile.c1 * 1e6),
            String(format: "  c2 %9.4g ns  per step and token of context", profile.c2 * 1e9),
            String(format: "  c3 %9.4g us  per prompt token", profile.c3 * 1e6),
            String(format: "  c4 %9.4g ms  per prompt", profile.c4 * 1e3),
        ]
        guard profile.c6 > 0 else { return lines }
        return lines + [String(format: "  c6 %9.4g us  per step and square root of the sequences", profile.c6 * 1e6)]
    }

    private static func power(_ power: PerformanceProfile.PowerModel) -> String {
        String(
            format: "  power                 %.4g W idle, %.4g W busy, %.3g W per sequence%@", power.idle.watts,
            power.busy.watts, power.perSequence.watts, power.isAssumed ? " (assumed)" : "")
    }

    /// What one replica carries in a case that people can picture.
    private static func example(_ profile: PerformanceProfile) -> String {
        let point = profile.fluidPoint(RequestShape(promptTokens: 1000, outputTokens: 200), itl: 0.05)
        guard point.rate > 0 else { return "\n  slower than 50 ms between tokens even when nearly idle" }
        return String(
            format:
                "\n  for example %.2f requests/s of 1000 tokens in and 200 out with 50 ms between tokens, %.0f at once",
            point.rate, point.batch)
    }
}
