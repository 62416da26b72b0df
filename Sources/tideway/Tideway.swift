internal import ArgumentParser

@main
struct Tideway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Elastic scaling for AI model serving.",
        discussion: """
            First, to see what each scaling policy would have cost on a generated day:
              tideway backtest

            Then on your own traffic, with a page of charts:
              tideway backtest --trace FILE --html report.html
            """,
        subcommands: [
            EngineCommand.self,
            BacktestCommand.self,
            TraceCommand.self,
            ProfileCommand.self,
            LoadCommand.self,
            DemoCommand.self,
            UpCommand.self,
            StatusCommand.self,
            FreezeCommand.self,
            ThawCommand.self,
            ModeCommand.self,
            GatewayCommand.self,
            ControllerCommand.self,
        ])
}
