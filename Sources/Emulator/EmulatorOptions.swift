package import Performance

/// Everything that an emulated model server can be told.
package struct EmulatorOptions: Sendable {
    /// What goes wrong, and when.
    package struct Faults: Hashable, Sendable {
        /// The process dies at the arrival of the request after so many; nil for never.
        package var crashAfter: Int?
        /// From the request after so many on, nothing is answered or goes on, health included; nil for never.
        package var hangAfter: Int?
        /// Share of requests that are answered with 500, from 0 to 1.
        package var errorRate = 0.0
        /// How many times longer everything takes than the profile says; 1 is as fast as it.
        package var slowFactor = 1.0

        package init() {}
    }

    package var profile: PerformanceProfile
    package var modelName: String
    package var host = "127.0.0.1"
    /// 0 takes a free one.
    package var port = 0
    /// How many times faster than the profile everything runs, above zero.
    package var speed = 1.0
    /// From the start until the model counts as loaded; not divided by the speed.
    package var loadDelay = Duration.zero
    package var outputLength = OutputLength()
    /// What error rate and output lengths are drawn from.
    package var seed: UInt64 = 1
    package var faults = Faults()
    /// Prompt and answer together at most, in tokens; nil for all that the profile's memory holds.
    package var contextLimit: Int?
    package var limits = Limits()

    /// What protects the emulator itself.
    package struct Limits: Hashable, Sendable {
        /// Requests that run and wait inside; more are answered with 503.
        package var requests = 10_000
        package var connections = 20_000
        package var bodyBytes = 64 << 20
        package init() {}
    }

    /// - Parameters:
    ///   - profile: how fast it is.
    ///   - modelName: what requests call it.
    package init(profile: PerformanceProfile, modelName: String) {
        self.profile = profile
        self.modelName = modelName
    }

    /// The context that a request may fill, in tokens.
    var contextTokens: Int { min(contextLimit ?? profile.kvTokens, profile.kvTokens) }
}

/// How long answers are when the request does not say.
package struct OutputLength: Hashable, Sendable {
    /// Tokens, at least 1.
    package var median = 128
    /// Standard deviation of the logarithm; 0 makes all answers as long as the median.
    package var sigma = 0.0
    package init() {}
}
