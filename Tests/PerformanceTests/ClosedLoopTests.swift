import Testing

@testable import Performance

@Suite struct ClosedLoopTests {
    /// One at a time: each prompt takes 100 ms, each of 10 iterations 11 ms.
    @Test func loop_oneInFlight_takesTheTimesOfOneAlone() {
        let setting = ClosedLoopSetting(promptTokens: 80, outputTokens: 11, concurrency: 1)
        let result = ClosedLoop(setting, requests: 5).run(on: .round())
        #expect(agree(result.ttft, 0.1))
        #expect(agree(result.itl, 0.011))
    }

    /// Two at a time, and two in all: the second's prompt waits for the first's and takes two mixed iterations of 50 + 11 ms.
    /// Then 8 iterations of 12 ms end the first, and 2 of 11 ms the second: 0.122 + 0.096 and 0.096 + 0.022 s for ten each.
    @Test func loop_twoInFlight_disturbEachOther() {
        let setting = ClosedLoopSetting(promptTokens: 80, outputTokens: 11, concurrency: 2)
        let result = ClosedLoop(setting, requests: 2).run(on: .round())
        #expect(agree(result.ttft, (0.1 + 0.222) / 2))
        #expect(agree(result.itl, (0.0218 + 0.0118) / 2))
    }

    @Test func loop_oneToken_hasNoTimeBetweenTokens() {
        let setting = ClosedLoopSetting(promptTokens: 80, outputTokens: 1, concurrency: 2)
        let result = ClosedLoop(setting, requests: 4).run(on: .round())
        // The first at 0.1 s; every other one waits for the one before it: 0.2 s.
        #expect(agree(result.ttft, (0.1 + 3 * 0.2) / 4))
        #expect(result.itl == 0)
    }
}
