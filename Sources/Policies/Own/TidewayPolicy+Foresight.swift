internal import Control
internal import Fleet

/// What the policy does with knowledge of the future, where a backtest gave it some.
extension TidewayPolicy {
    /// The traffic to come, if that part of it is known.
    func foresight(_ part: DemandForesight.Parts) -> DemandForesight? {
        context.foresight.flatMap { $0.parts.contains(part) ? $0 : nil }
    }

    /// What will really arrive around the instant that is planned for, without a margin; nil where it must be forecast.
    func foreseenLevel(at due: Instant) -> DemandOutlook.Ahead? {
        foresight(.level).map {
            let level = $0.level(around: due, width: foreseenWidth)
            return DemandOutlook.Ahead(median: level, quantile: level)
        }
    }

    /// The demand that the bursts around that instant make; nil where it must be feared.
    func foreseenBursts(at due: Instant) -> Double? {
        foresight(.bursts)?.need(around: due, width: foreseenWidth, patience: work.patience(context.slo))
    }

    /// What will be needed before a replica that is given up now could be back, in steady replicas: the level, and what bursts
    /// make of it; nil where it is not known.
    func foreseenUntilBack(_ absence: Duration, from now: Instant) -> (level: Double, bursts: Double)? {
        guard let known = foresight(.release) else { return nil }
        var level = 0.0
        var instant = now
        while instant <= now + absence {
            level = max(level, known.level(around: instant, width: foreseenWidth))
            instant = instant + cadence.interval
        }
        let bursts = known.need(
            around: now + absence / 2, width: absence + foreseenWidth, patience: work.patience(context.slo))
        return (level, bursts)
    }

    /// The window of the level that is forecast.
    private var foreseenWidth: Duration { .seconds(DemandOutlook.levelSeconds * pace.windows) }
}
