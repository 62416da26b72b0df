internal import Control
internal import Fleet

/// Decides at equal intervals, the first time one interval after the start.
struct DecisionCadence: Sendable {
    let interval: Duration

    func next(after now: Instant) -> Instant { now + interval }
}

/// Seconds that a monitoring system's figures lag behind: its scrape interval and its adapter (reference plant, section 4).
let scrapeDelay = ObservationDelay.fixed(.seconds(15))
