import Fleet
import Testing

@testable import Policies

struct DecisionPaceTests {
    @Test(arguments: [(1.0, 1.0 / 12), (5.0, 1.0 / 12), (20.0, 1.0 / 3), (25.0, 1.0), (60.0, 1.0), (600.0, 1.0)])
    func pace_startUp_shrinksOnlyWhereStartsAreFast(startUp: Double, share: Double) {
        let pace = DecisionPace(startUp: .seconds(startUp))
        #expect(abs(pace.share - share) < 1e-12)
        #expect(pace.isFast == (share < 1))
        #expect(pace.isFast == (pace.windows < 1))
        #expect(pace.holdsHeadRoom == (startUp > 5))
    }
}
