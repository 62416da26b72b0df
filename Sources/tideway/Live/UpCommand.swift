internal import ArgumentParser
internal import Assembly

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the gateway and the controller, and keep both running.",
        discussion: """
            Ends on Ctrl-C or SIGTERM: requests in flight are finished, replicas are drained and stopped. A second signal
            stops at once. SIGHUP reads the configuration again.
            """)

    @OptionGroup var options: LiveOptions

    func run() async throws {
        try await LiveProcess.up(file: try options.path(), program: try ownProgram())
    }
}

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Start the gateway alone; a controller joins it by the state folder.")

    @OptionGroup var options: LiveOptions
    @Flag(help: .hidden) var supervised = false

    func run() async throws {
        try await LiveProcess.gateway(file: try options.path(), isSupervised: supervised)
    }
}

struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Start the controller alone; it joins the gateway by the state folder.")

    @OptionGroup var options: LiveOptions
    @Flag(help: .hidden) var supervised = false

    func run() async throws {
        try await LiveProcess.controller(file: try options.path(), isSupervised: supervised)
    }
}
