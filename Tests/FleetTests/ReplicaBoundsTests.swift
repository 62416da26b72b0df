import Fleet
import Testing

struct ReplicaBoundsTests {
    @Test(arguments: [(-3, 2), (0, 2), (2, 2), (3, 3), (5, 5), (6, 5), (Int.max, 5)])
    func clamp_number_isTheNearestWithinBounds(desired: Int, clamped: Int) {
        #expect(ReplicaBounds(min: 2, max: 5).clamp(desired) == clamped)
    }

    @Test func clamp_equalBounds_leavesOneNumber() {
        let bounds = ReplicaBounds(min: 4, max: 4)
        #expect([0, 4, 9].map(bounds.clamp) == [4, 4, 4])
    }

    @Test func clamp_minimumZero_allowsNone() {
        #expect(ReplicaBounds(min: 0, max: 0).clamp(3) == 0)
        #expect(ReplicaBounds(min: 0, max: 3).clamp(0) == 0)
    }

    @Test func bounds_maximumBelowMinimum_trap() async {
        await #expect(processExitsWith: .failure) { _ = ReplicaBounds(min: 2, max: 1) }
        await #expect(processExitsWith: .failure) { _ = ReplicaBounds(min: -1, max: 1) }
    }
}
