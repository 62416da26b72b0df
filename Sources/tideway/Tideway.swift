internal import ArgumentParser

@main
struct Tideway: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Elastic scaling for AI model serving.",
        subcommands: [TraceCommand.self])
}
