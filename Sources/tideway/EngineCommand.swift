internal import ArgumentParser
internal import Emulator
internal import Fleet
internal import Foundation
internal import Glibc
internal import Performance
internal import Profiles

/// `tideway engine`: the emulator of a model server.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Emulate a model server: OpenAI's interface and vLLM's metrics, with no model behind.",
        discussion: """
            The times of all tokens follow from a performance profile; the words say that they come from an emulator. It \
            prints "listening HOST:PORT" first. SIGTERM lets it finish what runs. Use it where there is no accelerator: in \
            tests, to try a configuration, to replay a trace.
            """)

    @Option(help: ArgumentHelp("How fast it is: a shipped profile, or a file.", valueName: "name|file"))
    var profile = ProfileCatalogue.defaultName

    @Option(help: ArgumentHelp("Name by which requests ask for it; the profile's unless given.", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("Address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Port to listen on; 0 takes a free one.", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("How many times faster than the profile.", valueName: "factor"))
    var speed = 1.0

    @Option(help: ArgumentHelp("Answer with 503 for this long, as if a model were loading.", valueName: "time"))
    var loadDelay = DurationOption(seconds: 0)

    @Option(
        help: ArgumentHelp(
            "Prompt and answer together at most; all that the memory holds unless given.", valueName: "tokens"))
    var context: Int?

    @Option(help: ArgumentHelp("Median length of answers to requests that set none.", valueName: "tokens"))
    var outputTokens = OutputLength().median

    @Option(help: ArgumentHelp("Spread of those lengths: standard deviation of the logarithm.", valueName: "sigma"))
    var outputSigma = OutputLength().sigma

    @Option(help: ArgumentHelp("What lengths and errors are drawn from.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup(title: "Faults") var faults: FaultOptions

    func validate() throws {
        try check(speed > 0 && speed.isFinite, "--speed \(speed): a speed is above 0")
        try check((0...65_535).contains(port), "--port \(port): a port is a number from 0 to 65535")
        try check(loadDelay.seconds >= 0, "--load-delay \(loadDelay): a delay is not negative")
        try check(context ?? 2 >= 2, "--context \(context ?? 0): a context holds at least 2 tokens")
        try check(outputTokens >= 1, "--output-tokens \(outputTokens): an answer has at least 1 token")
        try check((0...10).contains(outputSigma), "--output-sigma \(outputSigma): a spread is from 0 to 10")
    }

    func run() async throws {
        let options = try emulatorOptions()
        let server: EngineServer
        do {
            server = try await EngineServer.start(options)
        } catch {
            throw CommandError(
                "cannot listen on \(host):\(port): \(error); choose another --port or --host, or --port 0")
        }
        print("listening \(host):\(server.port)")
        print("tideway-emulator: \(options.modelName) by profile \(options.profile.name); there is no model behind it")
        fflush(nil)
        await Termination.signal()
        try await server.drain()
    }

    private func emulatorOptions() throws -> EmulatorOptions {
        let profile = try ProfileCatalogue.load(profile)
        var options = EmulatorOptions(profile: profile, modelName: model ?? profile.name)
        options.host = host
        options.port = port
        options.speed = speed
        options.loadDelay = .seconds(loadDelay.seconds)
        options.contextLimit = context
        options.outputLength.median = outputTokens
        options.outputLength.sigma = outputSigma
        options.seed = seed
        options.faults = faults.faults
        return options
    }
}

/// What can be made to go wrong.
struct FaultOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Die at the request after so many.", valueName: "n"))
    var crashAfter: Int?

    @Option(help: ArgumentHelp("Answer nothing any more from the request after so many on.", valueName: "n"))
    var hangAfter: Int?

    @Option(help: ArgumentHelp("Answer this share of the requests with 500.", valueName: "share"))
    var errorRate = 0.0

    @Option(help: ArgumentHelp("Take so many times longer than the profile says.", valueName: "factor"))
    var slow = 1.0

    func validate() throws {
        try check(crashAfter ?? 0 >= 0, "--crash-after \(crashAfter ?? 0): a count is not negative")
        try check(hangAfter ?? 0 >= 0, "--hang-after \(hangAfter ?? 0): a count is not negative")
        try check((0...1).contains(errorRate), "--error-rate \(errorRate): a share is from 0 to 1")
        try check(slow > 0 && slow.isFinite, "--slow \(slow): a factor is above 0")
    }

    var faults: EmulatorOptions.Faults {
        var faults = EmulatorOptions.Faults()
        faults.crashAfter = crashAfter
        faults.hangAfter = hangAfter
        faults.errorRate = errorRate
        faults.slowFactor = slow
        return faults
    }
}

private func check(_ isRight: Bool, _ message: String) throws {
    if !isRight { throw ValidationError(message) }
}
