internal import ArgumentParser
internal import Link

struct FreezeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze", abstract: "Start and stop nothing from now on; requests are served on.")

    @OptionGroup var options: LiveOptions

    func run() async throws { try await options.tell(.freeze) }
}

struct ThawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thaw", abstract: "Carry decisions out again after a freeze.")

    @OptionGroup var options: LiveOptions

    func run() async throws { try await options.tell(.thaw) }
}

struct ModeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mode",
        abstract: "Change how far decisions go: observe records them, advise says them, act carries them out.")

    @Argument(help: "observe, advise or act.")
    var mode: String

    @OptionGroup var options: LiveOptions

    func run() async throws { try await options.tell(.mode(mode)) }
}
