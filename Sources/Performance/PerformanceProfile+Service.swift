package import Fleet

extension PerformanceProfile {
    /// Output tokens that every request of a service profile has: the first comes at once, and the one iteration after it
    /// is the service.
    package static let serviceOutputTokens = 2

    /// Whether this is the profile of a service: requests take a time that does not depend on lengths.
    package var isService: Bool { c0 > 0 && c1 == 0 && c2 == 0 && c3 == 0 && c4 == 0 && c6 == 0 }

    /// A service that is no language model: each request takes `serviceTime`, and up to `concurrency` of them run side by
    /// side in one replica without slowing each other down.
    ///
    /// It is the continuous-batching model with nothing but `c0`: no prefill, and iterations of `c0 = serviceTime` whatever
    /// the batch. Requests must have `serviceOutputTokens` output tokens, so each takes exactly one iteration: from its
    /// admission to its end passes the service time. Prompt lengths do not matter.
    ///
    /// - Parameters:
    ///   - name: what users call it.
    ///   - serviceTime: of one request, above zero.
    ///   - concurrency: requests that one replica serves at once, at least 1.
    ///   - price: of the one accelerator, or machine, that a replica occupies.
    ///   - power: of that accelerator; assumed unless given.
    /// - Returns: A profile without prefill.
    package static func service(
        name: String, serviceTime: Duration, concurrency: Int, price: Price, power: PowerModel = .assumed
    ) -> PerformanceProfile {
        precondition(serviceTime > .zero && concurrency >= 1, "a service takes time and serves someone")
        return PerformanceProfile(
            name: name, accelerators: 1, decode: (c0: serviceTime.seconds, c1: 0, c2: 0), prefill: (c3: 0, c4: 0),
            chunkTokens: 1, maxBatch: concurrency, kvTokens: unlimitedKVTokens, backlogSeconds: 0, power: power,
            price: price, origin: "A service of \(serviceTime) a request, \(concurrency) at once.")
    }

    /// So large that no sum of prompts reaches it, and small enough that sums stay exact and fit 32 bits.
    private static let unlimitedKVTokens = 1_000_000_000
}

extension PerformanceProfile.PowerModel {
    /// The reference plant's figures for an H100, for where nobody measured: 100 W idle, 375 W busy, 1.4 W a sequence.
    package static let assumed = PerformanceProfile.PowerModel(
        idle: Power(watts: 100), busy: Power(watts: 375), perSequence: Power(watts: 1.4), isAssumed: true)
}
