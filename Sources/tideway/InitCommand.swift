internal import ArgumentParser
internal import Assembly
internal import Configuration
internal import Foundation
internal import Profiles

/// `tideway init`: a first configuration, by asking or by options.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented tideway.yaml: what is served, by which command or URLs, on how many accelerators.",
        discussion: """
            In a terminal it asks for what is not given. For example:
              tideway init --model llama-8b --command 'llama-server -m model.gguf --port {port}' --accelerators 4
              tideway init --model llama-8b --url http://127.0.0.1:8001 --url http://127.0.0.1:8002
            """)

    @Option(help: "Name by which requests ask for the model.")
    var model: String?

    @Option(help: "Command that starts a replica; {port} stands for the port that it has to listen on.")
    var command: String?

    @Option(name: .customLong("url"), help: "URL of a server that runs already; may be repeated.")
    var urls: [String] = []

    @Option(help: "Accelerators on this machine (default: 1). A replica takes one.")
    var accelerators: Int?

    @Option(help: "How fast a replica is: a name from tideway profile list, or a file (default: 8b-a100).")
    var profile: String?

    @Option(help: "Time to the first token (default: 1s).")
    var sloTtft: DurationOption?

    @Option(help: "Mean time between tokens (default: 50ms).")
    var sloItl: DurationOption?

    @Option(name: .shortAndLong, help: "File to write.")
    var output = CheckCommand.defaultFile

    @Flag(help: "Overwrite the file.")
    var force = false

    private static let acceleratorsMax = 1024

    func validate() throws {
        if command != nil, !urls.isEmpty {
            throw ValidationError(
                "--command starts replicas and --url names servers that run already: give one of them.")
        }
        if let accelerators, !(1...Self.acceleratorsMax).contains(accelerators) {
            throw ValidationError(
                "--accelerators \(accelerators) must be at least 1 and at most \(Self.acceleratorsMax).")
        }
        if accelerators != nil, !urls.isEmpty {
            throw ValidationError("--accelerators is for replicas that Tideway starts: leave it out beside --url.")
        }
        try sloTtft?.validate("--slo-ttft", atLeast: 0.001, atMost: 86_400)
        try sloItl?.validate("--slo-itl", atLeast: 0.001, atMost: 86_400)
    }

    func run() throws {
        try requireNoFile()
        let draft = try Terminal.input.isShown && Terminal.output.isShown ? asked() : given()
        let text = draft.text
        let reading = ConfigurationReader(names: .shipped).read(Array(text.utf8), file: output)
        guard reading.configuration != nil else {
            let reasons = reading.errors.map { "\($0.key): \($0.message); \($0.remedy)" }
            throw CommandError(
                "What was given makes no configuration, and nothing was written.\n" + reasons.joined(separator: "\n"))
        }
        try requireNoFile()
        try ReportFile.write(text, to: output)
        for warning in reading.warnings { print(warning) }
        let name = output == CheckCommand.defaultFile ? "" : " \(output)"
        print("written: \(output)\nNext: tideway check\(name), and then: tideway up\(name)")
    }

    private func requireNoFile() throws {
        guard !force, FileManager.default.fileExists(atPath: output) else { return }
        throw CommandError("\(output) exists already: name another file with --output, or overwrite it with --force.")
    }

    private func given() throws -> ConfigurationDraft {
        guard command != nil || !urls.isEmpty else {
            throw CommandError(
                """
                Say how the model is served: by a command that Tideway starts for each replica, or by servers that run already.
                  tideway init --model llama-8b --command 'llama-server -m model.gguf --port {port}' --accelerators 4
                  tideway init --model llama-8b --url http://127.0.0.1:8001
                In a terminal, tideway init asks. To try it without a model:
                  tideway init --model try --command 'tideway engine --model try --port {port}' --accelerators 4
                """)
        }
        return draft(model: model ?? "model", command: command, urls: urls, accelerators: accelerators ?? 1)
    }

    /// Asks for what was not given.
    private func asked() throws -> ConfigurationDraft {
        let model = try self.model ?? Question.ask("Which name do requests ask for?", default: "model")
        var command = command
        var urls = urls
        if command == nil, urls.isEmpty {
            print(
                "How is it served? By a command that Tideway starts, such as: llama-server -m model.gguf --port {port}")
            print("or by servers that run already, such as: http://127.0.0.1:8001 http://127.0.0.1:8002")
            let answer = try Question.ask("Command or URLs", default: nil)
            if answer.hasPrefix("http://") {
                urls = answer.split { $0 == " " || $0 == "," }.map(String.init)
            } else {
                command = answer
            }
        }
        let count =
            try urls.isEmpty
            ? accelerators ?? Question.number("Accelerators on this machine", 1...Self.acceleratorsMax) : 1
        return draft(model: model, command: command, urls: urls, accelerators: count)
    }

    private func draft(model: String, command: String?, urls: [String], accelerators: Int) -> ConfigurationDraft {
        ConfigurationDraft(
            model: model, command: command, urls: urls, accelerators: accelerators,
            profile: profile ?? ProfileCatalogue.defaultName, ttft: sloTtft ?? DurationOption(seconds: 1),
            itl: sloItl ?? DurationOption(seconds: 0.05))
    }
}
