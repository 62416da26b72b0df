import Control
import Fleet
import Testing

struct SampleHistoryTests {
    private func sample(_ seconds: Double, arrived: Int = 0) -> WorkloadSample {
        var sample = WorkloadSample(at: Instant(seconds: seconds))
        sample.arrivedRequests = arrived
        return sample
    }

    @Test func samples_appended_areKeptOldestFirst() {
        var history = SampleHistory()
        for second in 0..<5 { #expect(history.append(sample(Double(second))) == true) }
        #expect(history.count == 5)
        #expect((0..<5).map { history[$0].at.seconds } == [0, 1, 2, 3, 4])
    }

    @Test func sample_duplicateOrLate_isIgnored() {
        var history = SampleHistory()
        history.append(sample(10, arrived: 1))
        #expect(history.append(sample(10, arrived: 2)) == false)
        #expect(history.append(sample(9, arrived: 2)) == false)
        #expect(history.count == 1)
        #expect(history[0].arrivedRequests == 1)
        #expect(history.append(sample(10.5)) == true)
    }

    @Test func ring_atCapacity_dropsTheOldest() {
        var history = SampleHistory()
        let capacity = SampleHistory.capacity
        for second in 0..<capacity { history.append(sample(Double(second))) }
        #expect(history.count == capacity)
        #expect(history[0].at.seconds == 0)
        for extra in 0..<3 { history.append(sample(Double(capacity + extra))) }
        #expect(history.count == capacity)
        #expect(history[0].at.seconds == 3)
        #expect(history[capacity - 1].at.seconds == Double(capacity + 2))
    }

    @Test func ring_aroundTwice_staysInOrderAndRefusesLateOnes() {
        var history = SampleHistory()
        let total = 2 * SampleHistory.capacity + 100
        for second in 0..<total { history.append(sample(Double(second))) }
        #expect(history.append(sample(Double(total - 1))) == false)
        let first = total - SampleHistory.capacity
        #expect((0..<history.count).allSatisfy { history[$0].at.seconds == Double(first + $0) })
    }

    @Test(arguments: [(-1.0, 0), (0, 1), (1.5, 2), (2, 3), (100, 4)])
    func count_through_isTheNumberTakenByThen(seconds: Double, count: Int) {
        var history = SampleHistory()
        for second in [0.0, 1, 2, 5] { history.append(sample(second)) }
        #expect(history.count(through: Instant(seconds: seconds)) == count)
    }

    @Test func count_throughInAFullRing_isByTimeNotByPlace() {
        var history = SampleHistory()
        for second in 0..<(SampleHistory.capacity + 1000) { history.append(sample(Double(second))) }
        #expect(history.count(through: Instant(seconds: 999)) == 0)
        #expect(history.count(through: Instant(seconds: 1000)) == 1)
        #expect(history.count(through: Instant(seconds: 3700)) == 2701)
    }

    @Test func count_ofNothing_isZero() {
        #expect(SampleHistory().count(through: Instant(seconds: 5)) == 0)
    }
}
