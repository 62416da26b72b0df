internal import ArgumentParser
internal import TraceFiles
internal import Traces

/// `tideway trace make`: an invented trace.
struct TraceMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make a trace with a daily and weekly shape, bursts and heavy-tailed lengths.",
        discussion: """
            Time zero is midnight on a Monday. The same options give the same trace. Times are typed as 90s, 20m, 3d or \
            1h30m; a plain number is seconds.
            """)

    private static let defaults = TraceGenerator()

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write; .gz compresses, - is the standard output.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("Length of the trace.", valueName: "time"))
    var duration = DurationOption(seconds: defaults.seconds)

    @Option(help: ArgumentHelp("Mean requests per second on a weekday, bursts not counted.", valueName: "rps"))
    var rate = defaults.requestsPerSecond

    @Option(help: ArgumentHelp("Height of the daily wave over its mean, 0 to 1.", valueName: "share"))
    var dailyAmplitude = defaults.dailyAmplitude

    @Option(help: ArgumentHelp("Hour of the daily peak.", valueName: "hour"))
    var peakHour = defaults.peakHour

    @Option(help: ArgumentHelp("Weekend's rate over that of other days.", valueName: "share"))
    var weekendShare = defaults.weekendShare

    @Option(help: ArgumentHelp("Mean number of bursts a day.", valueName: "n"))
    var burstsPerDay = defaults.burstsPerDay

    @Option(help: ArgumentHelp("Median height of a burst; 2 doubles the rate.", valueName: "factor"))
    var burstFactor = defaults.burstFactor

    @Option(help: ArgumentHelp("Mean time in which a burst fades to a third.", valueName: "time"))
    var burstLength = DurationOption(seconds: defaults.burstSeconds)

    @Option(help: ArgumentHelp("Coefficient of variation of gaps at a constant rate; 1 is Poisson.", valueName: "cv"))
    var burstiness = defaults.burstiness

    @Option(help: ArgumentHelp("Median prompt tokens.", valueName: "n"))
    var promptMedian = defaults.promptTokens.median

    @Option(help: ArgumentHelp("Spread of prompt tokens: standard deviation of the logarithm.", valueName: "sigma"))
    var promptSigma = defaults.promptTokens.sigma

    @Option(help: ArgumentHelp("Longest prompt.", valueName: "n"))
    var promptMax = defaults.promptTokens.max

    @Option(help: ArgumentHelp("Median output tokens.", valueName: "n"))
    var outputMedian = defaults.outputTokens.median

    @Option(help: ArgumentHelp("Spread of output tokens: standard deviation of the logarithm.", valueName: "sigma"))
    var outputSigma = defaults.outputTokens.sigma

    @Option(help: ArgumentHelp("Longest output.", valueName: "n"))
    var outputMax = defaults.outputTokens.max

    @Option(help: "Seed of everything that is drawn.")
    var seed: UInt64 = 1

    func validate() throws {
        let positive: [(String, Double)] = [
            ("--duration", duration.seconds), ("--rate", rate), ("--burst-length", burstLength.seconds),
            ("--burstiness", burstiness), ("--prompt-median", promptMedian), ("--output-median", outputMedian),
        ]
        for (name, value) in positive where !(value > 0 && value.isFinite) {
            throw ValidationError("\(name) must be above zero.")
        }
        let notNegative: [(String, Double)] = [
            ("--weekend-share", weekendShare), ("--bursts-per-day", burstsPerDay), ("--prompt-sigma", promptSigma),
            ("--output-sigma", outputSigma),
        ]
        for (name, value) in notNegative where !(value >= 0 && value.isFinite) {
            throw ValidationError("\(name) must be zero or more.")
        }
        guard (0...1).contains(dailyAmplitude) else { throw ValidationError("--daily-amplitude must be 0 to 1.") }
        guard burstFactor > 1, burstFactor.isFinite else {
            throw ValidationError("--burst-factor must be above 1; for no bursts give --bursts-per-day 0.")
        }
        let expected = rate * duration.seconds
        guard expected <= Double(ReadingLimits.rowsMax) else {
            throw ValidationError(
                "\(grouped(Int(min(expected, 1e15)))) requests are too many: lower --rate or --duration.")
        }
    }

    func run() throws {
        let trace = generator.trace(name: traceName(path: out), seed: seed)
        guard !trace.isEmpty else {
            throw ValidationError("No request came out: raise --rate or --duration.")
        }
        try write(trace, to: out)
        printNote(
            "Wrote \(grouped(trace.count)) requests over \(fixed(trace.lastArrival, 0)) s to "
                + "\(out == "-" ? "the standard output" : out). Look at it with: tideway trace inspect \(out)")
    }

    private var generator: TraceGenerator {
        var generator = TraceGenerator()
        generator.seconds = duration.seconds
        generator.requestsPerSecond = rate
        generator.dailyAmplitude = dailyAmplitude
        generator.peakHour = peakHour
        generator.weekendShare = weekendShare
        generator.burstsPerDay = burstsPerDay
        generator.burstFactor = burstFactor
        generator.burstSeconds = burstLength.seconds
        generator.burstiness = burstiness
        generator.promptTokens = LognormalTokens(median: promptMedian, sigma: promptSigma, max: promptMax)
        generator.outputTokens = LognormalTokens(median: outputMedian, sigma: outputSigma, max: outputMax)
        return generator
    }
}
