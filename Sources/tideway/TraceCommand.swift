internal import ArgumentParser
internal import Glibc

/// `tideway trace`: looking at, changing and making traces of requests.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Look at, change, make and find traces of requests.",
        subcommands: [
            TraceInspectCommand.self, TraceTransformCommand.self, TraceMakeCommand.self, TraceSourcesCommand.self,
        ])
}

/// Writes a line to the standard error, where it does not mix with a command's result.
func printNote(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = write(2, bytes, bytes.count)
}

/// `12345678` as `12,345,678`.
func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    var index = digits.count - 3
    while index > 0 {
        digits.insert(",", at: index)
        index -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
}

/// A number with so many decimals, for tables.
func fixed(_ number: Double, _ decimals: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
    let unit = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int((abs(number) * unit).rounded())
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % Int(unit))
    return "\(sign)\(scaled / Int(unit)).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}
