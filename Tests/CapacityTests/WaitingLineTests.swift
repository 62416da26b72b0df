import Testing

@testable import Capacity

@Suite struct WaitingLineTests {
    @Test func line_ofManyServers_decaysAsTheirFreeRate() {
        // M/M/c: the wait decays with c mu - lambda = (100 - 90)/s at services of 1 s.
        let line = WaitingLine(utilization: 0.9, servers: 100, service: 1, variability: 1)
        let ratio = line.late(after: 0.2) / line.late(after: 0.1)
        #expect(abs(ratio - 0.36788) < 1e-5)
        // Erlang C is 0.217 there; Halfin and Whitt at b = 1 say 0.223.
        #expect(abs(line.late(after: 0) - 0.223361) < 1e-6)
    }

    @Test func line_inOverload_isLateAndLosesTheExcess() {
        let line = WaitingLine(utilization: 1.25, servers: 10, service: 1, variability: 1)
        #expect(line.late(after: 5) == 1)
        #expect(abs(line.lost(after: 50) - 0.2) < 1e-6)
    }

    @Test func lost_isLessThanLate() {
        for utilization in [0.5, 0.8, 0.95, 1, 1.1] {
            let line = WaitingLine(utilization: utilization, servers: 4, service: 0.1, variability: 1.5)
            for seconds in [0.0, 0.1, 0.5, 2] { #expect(line.lost(after: seconds) <= line.late(after: seconds)) }
        }
    }
}
