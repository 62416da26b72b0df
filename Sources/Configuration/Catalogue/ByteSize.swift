/// Sizes as the file writes them: `512B`, `64KiB`, `1.5GiB`, `10MB`. The unit is never left out.
package enum ByteSize {
    private static let units: [(suffix: String, bytes: Double)] = [
        ("TiB", 1_099_511_627_776), ("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1024),
        ("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("kB", 1e3), ("B", 1),
    ]

    /// Bytes that `text` stands for; nil when it is no size.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = text.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Double(digits), let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
        let bytes = (number * unit.bytes).rounded()
        return bytes < 1e18 ? Int(bytes) : nil
    }

    /// As short as it can be written without loss.
    package static func text(_ bytes: Int) -> String {
        guard bytes != 0 else { return "0B" }
        for unit in units.prefix(4) {
            let size = Int(unit.bytes)
            if bytes.isMultiple(of: size) { return "\(bytes / size)\(unit.suffix)" }
        }
        return "\(bytes)B"
    }
}
