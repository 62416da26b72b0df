import Fleet
import Testing

struct EngineTimesTests {
    @Test(arguments: [(1.0, false), (1.05, false), (1.07, true), (0.95, false), (0.9, true)])
    func differ_oneCauseByMoreThanTheFactor_isADifference(prefill: Double, differ: Bool) {
        #expect(EngineTimes(prefill: prefill).differ(from: .profiled, by: 1.06) == differ)
        #expect(EngineTimes.profiled.differ(from: EngineTimes(prefill: prefill), by: 1.06) == differ)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity]) func areValid_noTime_isNone(fixed: Double) {
        #expect(!EngineTimes(fixed: fixed).areValid)
        #expect(EngineTimes(fixed: 1.3).areValid)
    }

    @Test func description_isForPeople() {
        let times = EngineTimes(fixed: 1.298, sequences: 1.3, prefill: 0.999)
        #expect("\(times)" == "1.3 x for an iteration, 1.3 x for its requests, 1.0 x for prefill")
    }
}
