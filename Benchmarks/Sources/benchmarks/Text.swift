internal import Foundation

/// Figures as people read them.
enum Text {
    static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// One row of a Markdown table.
    static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    /// The head of a Markdown table.
    static func head(_ cells: [String]) -> [String] { [row(cells), "|" + cells.map { _ in "---|" }.joined()] }

    /// The processor's name.
    static var processor: String {
        let file = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = file.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        return "\(name ?? "unknown processor"), \(ProcessInfo.processInfo.processorCount) cores"
    }
}
