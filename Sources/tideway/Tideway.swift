internal import ArgumentParser

@main
struct Tideway: AsyncParsableCommand {
    /// Of the program, as `--version` shows it.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        abstract: "Elastic scaling for AI model serving.",
        discussion: """
            First, to see what each scaling policy would have cost on a generated day:
              tideway backtest

            Then on your own traffic, with a page of charts:
              tideway backtest --trace FILE --html report.html

            To serve models, begin with a configuration:
              tideway init
            """,
        version: version,
        subcommands: [
            InitCommand.self,
            CheckCommand.self,
            EngineCommand.self,
            BacktestCommand.self,
            TuneCommand.self,
            ForecastCommand.self,
            CapacityCommand.self,
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
