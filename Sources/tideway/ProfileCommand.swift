internal import ArgumentParser

/// `tideway profile`: how fast replicas run.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Show, check and fit performance profiles: how fast one replica runs.",
        subcommands: [
            ProfileListCommand.self, ProfileShowCommand.self, ProfileFitCommand.self, ProfileFitKernelsCommand.self,
            ProfileEvaluateCommand.self,
        ])
}
