internal import Control
internal import Performance

/// Mean lengths of the requests that finished lately: what is known of output lengths while requests run.
struct RecentLengths: Hashable, Sendable {
    /// How far back finished requests count, in seconds (reference plant, section 9).
    static let window = 300.0

    var promptTokens: Double
    var uncachedTokens: Double
    var outputTokens: Double

    /// The means over the last 300 s of finished requests; those of the operating point while none has finished.
    init(_ samples: SampleView, fallback: MeanShape) {
        self.init(samples, finishedWithin: RecentLengths.window, fallback: fallback)
    }

    /// The means of one interval, as a planner counts it: the prompts of what arrived, the outputs of what finished.
    ///
    /// - Parameters:
    ///   - samples: up to the interval's end.
    ///   - interval: in seconds, above 0.
    ///   - fallback: while nothing arrived or finished.
    init(_ samples: SampleView, interval: Double, fallback: MeanShape) {
        self.init(samples, finishedWithin: interval, fallback: fallback)
        guard let latest = samples.latest, let earlier = samples.sample(secondsAgo: interval),
            latest.arrivedRequests > earlier.arrivedRequests
        else { return }
        let count = Double(latest.arrivedRequests - earlier.arrivedRequests)
        promptTokens = Double(latest.arrivedPromptTokens - earlier.arrivedPromptTokens) / count
        uncachedTokens = Double(latest.arrivedUncachedTokens - earlier.arrivedUncachedTokens) / count
    }

    private init(_ samples: SampleView, finishedWithin window: Double, fallback: MeanShape) {
        let finished: (WorkloadSample) -> Double = { Double($0.finishedRequests) }
        guard let latest = samples.latest, let earlier = samples.sample(secondsAgo: window),
            finished(latest) > finished(earlier)
        else {
            self = RecentLengths(fallback)
            return
        }
        let count = finished(latest) - finished(earlier)
        promptTokens = Double(latest.finishedPromptTokens - earlier.finishedPromptTokens) / count
        uncachedTokens = Double(latest.finishedUncachedTokens - earlier.finishedUncachedTokens) / count
        outputTokens = max(Double(latest.finishedOutputTokens - earlier.finishedOutputTokens) / count, 1)
    }

    /// The lengths of a shape. Its prompt is what its context exceeds half an output by.
    private init(_ shape: MeanShape) {
        outputTokens = shape.decodedTokens + 1
        uncachedTokens = shape.uncachedTokens
        promptTokens = max(shape.contextTokens - (outputTokens + 1) / 2, shape.uncachedTokens)
    }

    /// As the fluid model takes it.
    var shape: MeanShape {
        MeanShape(promptTokens: promptTokens, uncachedTokens: uncachedTokens, outputTokens: outputTokens)
    }
}
