/// A page in Prometheus' text format, version 0.0.4, written family by family into one buffer that never grows past a limit.
///
/// Source of the format: prometheus.io/docs/instrumenting/exposition_formats. A sample that no longer fits is left out whole and counted;
/// a scrape that is cut within a line would be refused as a whole.
package struct MetricsPage: Sendable {
    /// What a family's numbers mean.
    package enum Kind: String, Sendable {
        /// Only grows, and starts at zero with the process.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// Value of the header `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What was written, ending in a line feed.
    package private(set) var text = ""
    /// Samples (for a histogram: all its lines together) that did not fit.
    package private(set) var omittedCount = 0
    private let byteLimit: Int
    private var names: Set<String> = []

    /// - Parameter byteLimit: length of the page at most, in bytes.
    package init(byteLimit: Int = 4 << 20) {
        self.byteLimit = byteLimit
    }

    // MARK: Families

    /// Writes a family with one sample.
    ///
    /// - Parameters:
    ///   - name: unique on the page; a counter's ends in `_total`.
    ///   - kind: what the number means.
    ///   - help: one sentence for people.
    ///   - value: any number; infinite and not-a-number are written as the format has them.
    ///   - labels: in the order to write.
    package mutating func add(
        _ name: String, _ kind: Kind, help: String, value: Double, labels: [MetricLabel] = []
    ) {
        add(name, kind, help: help, samples: [(labels, value)])
    }

    /// Writes a family with a sample for each set of labels.
    ///
    /// - Parameters:
    ///   - name: unique on the page; a counter's ends in `_total`.
    ///   - kind: what the numbers mean.
    ///   - help: one sentence for people.
    ///   - samples: labels that differ, each with its value; none writes the head only.
    package mutating func add(
        _ name: String, _ kind: Kind, help: String, samples: [(labels: [MetricLabel], value: Double)]
    ) {
        guard begin(name, kind.rawValue, help: help) else { return omittedCount += samples.count }
        for sample in samples { append(Self.line(name, sample.labels, sample.value)) }
    }

    /// Writes a family of histograms, one for each set of labels.
    ///
    /// - Parameters:
    ///   - name: unique on the page, without `_bucket`.
    ///   - help: one sentence for people.
    ///   - histograms: labels that differ, each with its counts.
    package mutating func add(
        _ name: String, help: String, histograms: [(labels: [MetricLabel], histogram: MetricHistogram)]
    ) {
        guard begin(name, "histogram", help: help) else { return omittedCount += histograms.count }
        for (labels, histogram) in histograms { append(Self.lines(name, labels, histogram)) }
    }

    // MARK: Lines

    /// The two lines before a family's samples.
    private mutating func begin(_ name: String, _ kind: String, help: String) -> Bool {
        precondition(MetricName.isMetric(name), "\(name) is no name of a metric")
        precondition(names.insert(name).inserted, "the metric \(name) is on the page already")
        return appendIfItFits("# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(kind)\n")
    }

    private mutating func append(_ lines: String) {
        if !appendIfItFits(lines) { omittedCount += 1 }
    }

    private mutating func appendIfItFits(_ lines: String) -> Bool {
        guard text.utf8.count + lines.utf8.count <= byteLimit else { return false }
        text += lines
        return true
    }

    private static func lines(_ name: String, _ labels: [MetricLabel], _ histogram: MetricHistogram) -> String {
        var lines = ""
        var below = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
            below += count
            lines += line(name + "_bucket", labels + [MetricLabel("le", number(bound))], Double(below))
        }
        return lines + line(name + "_sum", labels, histogram.sum) + line(name + "_count", labels, Double(below))
    }

    private static func line(_ name: String, _ labels: [MetricLabel], _ value: Double) -> String {
        guard !labels.isEmpty else { return "\(name) \(number(value))\n" }
        let pairs = labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }.joined(separator: ",")
        return "\(name){\(pairs)} \(number(value))\n"
    }

    /// As Prometheus' own clients write them: `1.0`, `1e-05`, `+Inf`.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 10 || $0 == UInt8(ascii: "\"") }) else {
            return text
        }
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
