package import Fleet
package import Performance
package import Routing

/// Prefill and decoding on replicas of their own: one pool keeps the time to the first token, the other that between tokens.
///
/// A request is good when both are kept, so the shares multiply: `q = q1 q2`. Of some ways to divide the misses, the cheapest
/// pair of pools is taken. The prefill pool sees each request as one token; the decoding pool gets its context without work
/// (its transfer is the network's), and requests that wait for room there wait at most the limit of the first token again.
package struct SplitServing: Sendable {
    /// The misses that the prefill pool may have, of all.
    static let missShares = [0.1, 0.25, 0.5, 0.75, 0.9]

    /// How many of each.
    package struct Answer: Hashable, Sendable {
        package var prefillReplicas: Int
        package var decodeReplicas: Int
        /// What each pool must keep.
        package var prefillAttainment: Double
        package var decodeAttainment: Double
    }

    private let pairs: [(prefill: PoolCapacity, decode: PoolCapacity, shares: (Double, Double))]
    private let prices: (prefill: Double, decode: Double)
    /// Requests with more than one token.
    private let decodingShare: Double

    /// - Parameters:
    ///   - prefill: profile of the replicas that prefill.
    ///   - decode: profile of the replicas that decode.
    ///   - requests: lengths; at least one has more than one token.
    ///   - slo: limits in tokens.
    ///   - order: of dispatch, in both pools.
    package init(
        prefill: PerformanceProfile, decode: PerformanceProfile, requests: [RequestLengths],
        slo: ServiceLevelObjective, order: DispatchOrder
    ) {
        let long = Double(ServiceLevelObjective.longPromptTokens)
        let first = RequestClasses(requests.map(Self.prefillOnly), longPromptTokens: long)
        let decoding = requests.filter { $0.outputTokens > 1 }
        let rest = RequestClasses(decoding.map(Self.decodeOnly), longPromptTokens: long)
        decodingShare = Double(decoding.count) / Double(requests.count)
        prices = (Self.price(prefill), Self.price(decode))
        pairs = Self.missShares.map { share in
            let missed = 1 - slo.attainmentTarget
            let kept = (1 - share * missed, slo.attainmentTarget / (1 - share * missed))
            var objectives = (slo, slo)
            objectives.0.attainmentTarget = kept.0
            objectives.1.attainmentTarget = kept.1
            return (
                PoolCapacity(profile: prefill, classes: first, slo: objectives.0, order: order),
                PoolCapacity(profile: Self.decodeOnly(decode), classes: rest, slo: objectives.1, order: order), kept
            )
        }
    }

    /// The cheapest pair of pools that carries a load; nil when none does. Of equals, the one with fewer misses in prefill.
    package func replicas(rate: Double, dispersion: Double) -> Answer? {
        let answers = pairs.compactMap { pair -> Answer? in
            guard let prefill = pair.prefill.replicas(rate: rate, dispersion: dispersion),
                let decode = pair.decode.replicas(rate: rate * decodingShare, dispersion: dispersion)
            else { return nil }
            return Answer(
                prefillReplicas: prefill, decodeReplicas: decode, prefillAttainment: pair.shares.0,
                decodeAttainment: pair.shares.1)
        }
        return answers.min { cost($0) < cost($1) }
    }

    private func cost(_ answer: Answer) -> Double {
        prices.prefill * Double(answer.prefillReplicas) + prices.decode * Double(answer.decodeReplicas)
    }

    /// Of a replica; one accelerator's worth each where no price is known.
    private static func price(_ profile: PerformanceProfile) -> Double {
        Double(profile.accelerators) * max(profile.price.perAcceleratorHour, 1e-9)
    }

    /// A request as the prefill pool sees it.
    package static func prefillOnly(_ request: RequestLengths) -> RequestLengths {
        RequestLengths(
            promptTokens: request.promptTokens, uncachedTokens: request.uncachedTokens, outputTokens: 1)
    }

    /// A request as the decoding pool sees it.
    package static func decodeOnly(_ request: RequestLengths) -> RequestLengths {
        RequestLengths(promptTokens: request.promptTokens, uncachedTokens: 1, outputTokens: request.outputTokens)
    }

    /// A replica that gets its context from elsewhere: prefill takes nothing.
    package static func decodeOnly(_ profile: PerformanceProfile) -> PerformanceProfile {
        var profile = profile
        (profile.c3, profile.c4) = (0, 0)
        return profile
    }
}
