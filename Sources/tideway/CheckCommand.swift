internal import ArgumentParser
internal import Assembly
internal import Configuration
internal import Foundation

/// `tideway check`: every problem of a configuration at once, or what it serves.
struct CheckCommand: ParsableCommand {
    /// The file that commands read where none is named.
    static let defaultFile = "tideway.yaml"

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration: every problem with its line, key and remedy, or what it serves.",
        discussion: "The exit status is 1 when there are errors. docs/configuration.md explains each key.")

    @Argument(help: ArgumentHelp("The configuration.", valueName: "file"))
    var file = CheckCommand.defaultFile

    @Flag(help: "Print the problems and the summary as JSON.")
    var json = false

    @Flag(help: "Print every key with its type, range, default and meaning as Markdown, and read no file.")
    var printKeys = false

    func run() throws {
        if printKeys { return print(KeyReference.markdown, terminator: "") }
        let reading = ConfigurationFile.read(file)
        if json {
            print(try CheckReport(file: file, reading: reading).json)
        } else {
            printText(reading)
        }
        if reading.configuration == nil { throw ExitCode(1) }
    }

    private func printText(_ reading: ConfigurationReading) {
        for problem in reading.problems { print(problem) }
        if let configuration = reading.configuration {
            if !reading.problems.isEmpty { print("") }
            for line in ConfigurationSummary(configuration).lines { print(line) }
            print("\n\(file) can be used. Next: tideway up\(file == CheckCommand.defaultFile ? "" : " \(file)")")
        } else {
            let count = reading.errors.count
            print("\n\(file) cannot be used: \(count) error\(count == 1 ? "" : "s").")
        }
    }
}
