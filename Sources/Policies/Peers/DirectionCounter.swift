internal import Control
internal import Fleet

/// Lets a wish through when it has kept its direction for so many ticks in a row.
struct DirectionCounter: Sendable {
    private let upAfter: Int
    private let downAfter: Int
    /// Ticks in a row with a wish to grow (positive) or to shrink (negative).
    private var ticks = 0

    /// - Parameters:
    ///   - upAfter: the tick of a row of wishes to grow that is followed, at least 1.
    ///   - downAfter: the tick of a row of wishes to shrink that is followed, at least 1.
    init(upAfter: Int, downAfter: Int) {
        precondition(upAfter >= 1 && downAfter >= 1, "a wish is followed at its first tick at the earliest")
        self.upAfter = upAfter
        self.downAfter = downAfter
    }

    /// Counts this tick's wish, and follows it when its row is long enough.
    mutating func decide(wish: Int, current: Int) -> ScalingDecision {
        if wish == current {
            ticks = 0
            return ScalingDecision(current, .steady)
        }
        ticks = wish > current ? max(ticks, 0) + 1 : min(ticks, 0) - 1
        guard ticks >= upAfter || ticks <= -downAfter else { return ScalingDecision(current, .stabilised) }
        ticks = 0
        return ScalingDecision(wish, .load)
    }
}
