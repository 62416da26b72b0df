internal import ArgumentParser
internal import Performance

/// A coefficient given on the command line: `c4=8ms`.
struct KnownCoefficient: ExpressibleByArgument, Hashable {
    var coefficient: FitCoefficient
    var seconds: Double

    private static let names: [(String, FitCoefficient)] = [
        ("c0", .c0), ("c1", .c1), ("c2", .c2), ("c3", .c3), ("c4", .c4), ("overhead", .overhead),
        ("c6", .c6),
    ]
    /// Longer units first, because `s` ends them all.
    private static let units: [(String, Double)] = [("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("s", 1)]

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let name = Self.names.first(where: { $0.0 == parts[0] }),
            let unit = Self.units.first(where: { parts[1].hasSuffix($0.0) }),
            let value = Double(parts[1].dropLast(unit.0.count)), value >= 0, value.isFinite
        else { return nil }
        coefficient = name.1
        seconds = value * unit.1
    }
}
