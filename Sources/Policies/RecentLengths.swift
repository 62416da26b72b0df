internal import Control
internal import Fleet
internal import Performance

/// Mean lengths of the requests that finished lately: what is known of output lengths while requests run.
struct RecentLengths: Hashable, Sendable {
    /// How far back finished requests count, in seconds (reference plant, section 9).
    static let window = 300.0

    var promptTokens: Double
    var uncachedTokens: Double
    var outputTokens: Double

    /// The means over the last `window` seconds of finished requests; those of the operating point while none has finished.
    init(_ samples: SampleView, fallback: RequestShape, window: Double = RecentLengths.window) {
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

    /// Takes prompts from the requests that arrived in the last `window` seconds, when there are any: theirs are known at once.
    mutating func takePrompts(arrivedIn samples: SampleView, window: Double) {
        guard let latest = samples.latest, let earlier = samples.sample(secondsAgo: window),
            latest.arrivedRequests > earlier.arrivedRequests
        else { return }
        let count = Double(latest.arrivedRequests - earlier.arrivedRequests)
        promptTokens = Double(latest.arrivedPromptTokens - earlier.arrivedPromptTokens) / count
        uncachedTokens = Double(latest.arrivedUncachedTokens - earlier.arrivedUncachedTokens) / count
    }

    /// The lengths of a shape. Its prompt is what its context exceeds half an output by.
    private init(_ shape: RequestShape) {
        outputTokens = shape.decodedTokens + 1
        uncachedTokens = shape.uncachedTokens
        promptTokens = max(shape.contextTokens - (outputTokens + 1) / 2, shape.uncachedTokens)
    }

    /// As the fluid model takes it.
    var shape: RequestShape {
        RequestShape(promptTokens: promptTokens, uncachedTokens: uncachedTokens, outputTokens: outputTokens)
    }
}
