internal import RealModule

/// The prefill that comes to a replica while it decodes one answer there, and with it how likely this answer's tokens are too
/// far apart (docs/capacity-formula.md, between tokens).
///
/// Counted from the request's own arrival, the next prompts come to its replica as a renewal process: the router gave it the
/// request, and gives it another one only when it has the least outstanding tokens again. The time to the k-th of them, and
/// the work of k of them, are gamma distributed.
struct PrefillBeside {
    /// Prompts that are told apart; where more are needed to make an answer too slow, their sum counts.
    private static let promptsMax = 6
    /// Mean prompts in what is needed from which the sum counts.
    private static let manyPrompts = 3.6
    /// The prompt that makes it too much has at least this share of a mean one to do in time.
    private static let lastPartMin = 0.25
    /// What is less likely is not reckoned further.
    private static let negligible = 1e-9

    private let model: TokenModel
    private let rate: Double
    private let batch: Double
    /// Variance over squared mean of the time from prompt to prompt: as many arrive, and of the first ones alone.
    private let far: Double
    private let near: Double
    /// Seconds before the first token that count as well: prompts that wait behind the request's own.
    private let ahead: Double
    /// Variance of one prefill, in squared seconds.
    private let variance: Double

    init(_ model: TokenModel, _ state: BatchState) {
        self.model = model
        let constants = model.constants
        let (replicas, mean) = (state.load.replicas, model.prefillMean)
        rate = state.load.rate
        batch = state.mean
        variance = max(model.prefillSquareMean - mean * mean, 1e-3 * mean * mean)
        // A prefill takes so long beside those who decode.
        let stay = mean * (1 + (1 - Double.exp(-batch)) * state.iteration / model.chunk)
        ahead = constants.waiting * model.prefillFollowing * stay
        let present = replicas * rate * (stay + state.life)
        far = constants.turns * state.load.dispersion(expecting: present, growth: constants.growth) / replicas
        let crowd = batch * batch / (batch * batch + constants.crowd * constants.crowd)
        near =
            crowd * (constants.refill + constants.refillLengths * model.classes.sizeVariation) * (1 - 1 / replicas)
    }

    /// P(an answer's mean time between tokens exceeds its limit), where an iteration without prefill takes so long.
    func slowShare(_ answer: RequestClasses.Answers, iteration: Double) -> Double {
        let limit = answer.decodedTokens * model.itl
        let room = answer.decodedTokens * (model.itl - iteration)
        guard room > 0 else { return 1 }
        // Even with prefill in all of its iterations.
        guard model.itl - iteration < model.chunk, model.prefillMean > 0 else { return 0 }
        let timing = Timing(
            limit: limit, perSecond: 1 + iteration / model.chunk,
            ahead: ahead + model.constants.sizes * (1 - answer.relativeSize) / rate * batch / (1 + batch))
        return room > Self.manyPrompts * model.prefillMean ? sum(room, timing) : each(room, timing)
    }

    /// Prefill that takes `work` seconds of a replica alone must have come by this time, in mean prompts' gaps.
    private struct Timing {
        var limit: Double
        /// Seconds that a second of prefill takes beside those who decode.
        var perSecond: Double
        var ahead: Double

        func horizon(_ work: Double) -> Double {
            let latest = limit - work * perSecond
            return latest > 0 ? max(latest + ahead, 0) : 0
        }
    }

    /// Few prompts: the k-th makes it too much, and comes in time for its part.
    private func each(_ room: Double, _ timing: Timing) -> Double {
        let mean = model.prefillMean
        let first = Tails.gamma(below: timing.horizon(room) * rate, mean: 1, variance: far + near)
        guard first > Self.negligible else { return 0 }
        var exceeded = model.prefillTail.share(above: room)
        var slow = exceeded * first
        for count in 2...Self.promptsMax where exceeded < 1 - Self.negligible {
            let number = Double(count)
            let byNow = max(1 - Tails.gamma(below: room, mean: number * mean, variance: number * variance), exceeded)
            if byNow - exceeded > Self.negligible {
                let part = min(max(room - (number - 1) * mean, Self.lastPartMin * mean), room)
                let arrived = Tails.gamma(
                    below: timing.horizon(part) * rate, mean: number, variance: number * far + near)
                slow += (byNow - exceeded) * min(arrived, first)
            }
            exceeded = byNow
        }
        return slow
    }

    /// Many prompts: the time until so much prefill has come. The last one is the longer, the more lengths differ.
    private func sum(_ room: Double, _ timing: Timing) -> Double {
        let mean = model.prefillMean
        let number = room / mean
        let part = min(2 * model.prefillSquareMean / mean, room)
        return Tails.gamma(
            below: timing.horizon(part) * rate, mean: number,
            variance: number * (far + variance / (mean * mean)) + near)
    }
}
