import Fleet
import Testing

struct InstantTests {
    @Test func instants_compared_areInOrderOfTheirSeconds() {
        let times = [3.5, -1200, 0, 0.25].map(Instant.init(seconds:))
        #expect(times.sorted().map(\.seconds) == [-1200, 0, 0.25, 3.5])
        #expect(Instant(seconds: 1) == Instant(seconds: 1))
    }

    @Test func instant_withDuration_movesThere() {
        let start = Instant(seconds: -1)
        #expect((start + .milliseconds(2500)).seconds == 1.5)
        #expect((start - .seconds(60)).seconds == -61)
        #expect(start + .zero == start)
    }

    @Test func instant_sinceAnother_isTheSignedDifference() {
        #expect(Instant(seconds: 10).seconds(since: Instant(seconds: 4)) == 6)
        #expect(Instant(seconds: 4).seconds(since: Instant(seconds: 10)) == -6)
    }

    @Test(arguments: [
        (Duration.zero, 0.0), (.milliseconds(250), 0.25), (.seconds(86_400), 86_400), (.nanoseconds(1), 1e-9),
        (.milliseconds(-1500), -1.5), (.seconds(1) + .nanoseconds(1), 1.000_000_001),
    ])
    func duration_seconds_isTheNearestNumber(duration: Duration, seconds: Double) {
        #expect(abs(duration.seconds - seconds) <= seconds.magnitude.ulp)
    }
}
