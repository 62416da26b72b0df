internal import ArgumentParser

@main
struct Tideway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Elastic scaling for AI model serving.",
        subcommands: [
            BacktestCommand.self,
            TraceCommand.self,
            ProfileCommand.self,
        ])
}
