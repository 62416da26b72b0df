import Fleet
import Policies
import Simulation
import Testing

@testable import Backtest

@Suite struct ClairvoyantScheduleTests {
    private func schedule(_ counts: [Int]) -> ClairvoyantSchedule {
        ClairvoyantSchedule(
            counts: counts, width: 60, start: 0, startUp: StartUpModel(median: .seconds(90), spread: 1), seed: 1)
    }

    private func drawn(_ counts: [Int]) -> [String] {
        schedule(counts).steps.map { "\(Int($0.at.seconds)):\($0.desired)" }
    }

    @Test func rise_isOrderedOneStartUpBeforeItIsNeeded() {
        // Two more are needed from minute 3 on: ordered at 180 - 90 s.
        #expect(drawn([1, 1, 1, 3, 3]) == ["90:3"])
        #expect(schedule([1, 1, 1, 3, 3]).initialReady == 1)
    }

    @Test func fall_happensWhenTheNeedEnds() {
        #expect(drawn([3, 3, 1, 1, 1]) == ["120:1"])
        #expect(schedule([3, 3, 1, 1, 1]).initialReady == 3)
    }

    @Test func gapShorterThanAStartUp_isBridged() {
        #expect(drawn([2, 2, 1, 2, 2]).isEmpty)
    }

    @Test func gapLongerThanAStartUp_isNot() {
        // Down at 120 s, up for 240 s: ordered at 150 s.
        #expect(drawn([2, 2, 1, 1, 2, 2]) == ["120:1", "150:2"])
    }

    @Test func needBeforeAStartUpHasPassed_isOrderedAtTheStart() {
        let early = schedule([1, 2, 2])
        #expect(early.steps.map(\.at.seconds) == [0])
        #expect(early.startUpTimes == [60])
    }
}
