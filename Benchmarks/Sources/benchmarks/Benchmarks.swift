internal import ArgumentParser

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "Measures the built program, and writes what it found to Benchmarks/results.",
        discussion: """
            Environment: TIDEWAY is the program (default ../.build/release/tideway beside this package), TIDEWAY_DATA the folder \
            of measured traces (default ../../shared).
            """,
        subcommands: [
            AgreementCommand.self, SpeedCommand.self, DecisionCommand.self, WeekCommand.self, ResultsCommand.self,
            LiveCommand.self,
            DispatchCommand.self, GatewayCommand.self, ReactionCommand.self, LearningCommand.self,
            PublishedCommand.self, ForecastCommand.self, CapacityCommand.self, LimitsCommand.self,
            ModelsCommand.self, TrafficCommand.self,
        ])
}
