import Fleet
import Testing

struct ObservationTests {
    private let time = Instant(seconds: 5)

    @Test func value_isKnownAndFresh() {
        let observation = Observation.value(3, at: time)
        #expect(observation.lastKnown == 3)
        #expect(observation.isFresh)
    }

    @Test func stale_isKnownButNotFresh() {
        let observation = Observation.stale(3, since: time)
        #expect(observation.lastKnown == 3)
        #expect(!observation.isFresh)
        #expect(observation != .value(3, at: time))
    }

    @Test func missing_isNeitherKnownNorZero() {
        let observation = Observation<Int>.missing(.neverSeen)
        #expect(observation.lastKnown == nil)
        #expect(!observation.isFresh)
        #expect(observation != .missing(.sourceLost))
        #expect(Observation.value(0, at: time).lastKnown == 0)
    }

    /// They label metrics, so they may not change.
    @Test func reasons_asLabels_areStable() {
        let reasons: [Observation<Int>.Reason] = [.neverSeen, .sourceLost, .implausible]
        #expect(reasons.map(\.rawValue) == ["never_seen", "source_lost", "implausible"])
    }
}
