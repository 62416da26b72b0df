import Fleet
import Testing

@testable import Performance

/// A service replica is a queue with fixed service times and as many servers as its concurrency (M/D/k once arrivals are
/// Poisson): each request takes 80 ms from its admission.
struct ServiceReplicaTests {
    private func done(concurrency: Int, arrivals: [Double]) -> [Double] {
        let service = PerformanceProfile.service(
            name: "resize", serviceTime: .milliseconds(80), concurrency: concurrency,
            price: Price(perAcceleratorHour: 0))
        let run = ReplicaRun(
            service,
            arrivals.map { .init(at: $0, prompt: 1, output: PerformanceProfile.serviceOutputTokens) })
        return run.done
    }

    @Test func concurrencyOne_requestsAreServedOneAfterTheOther() {
        // Free at 0.08; the second waits for it, the third for the second, the fourth finds nobody.
        let finished = done(concurrency: 1, arrivals: [0, 0.01, 0.1, 1])
        #expect(zip(finished, [0.08, 0.16, 0.24, 1.08]).allSatisfy(agree))
    }

    @Test func concurrencyThree_threeRunSideBySideUnslowed() {
        let finished = done(concurrency: 3, arrivals: [0, 0.01, 0.02])
        #expect(zip(finished, [0.08, 0.09, 0.1]).allSatisfy(agree), "\(finished)")
    }

    @Test func concurrencyThree_theFourthWaitsForTheFirstToLeave() {
        // Servers free at 0.08, 0.09 and 0.10, taken by the fourth, fifth and sixth; the seventh gets the first again.
        let finished = done(concurrency: 3, arrivals: [0, 0.01, 0.02, 0.03, 0.03, 0.03, 0.04])
        #expect(zip(finished, [0.08, 0.09, 0.1, 0.16, 0.17, 0.18, 0.24]).allSatisfy(agree), "\(finished)")
    }

    @Test func concurrencyThree_simultaneousArrivals_finishTogether() {
        let finished = done(concurrency: 3, arrivals: [0, 0, 0, 0])
        #expect(zip(finished, [0.08, 0.08, 0.08, 0.16]).allSatisfy(agree), "\(finished)")
    }

    /// The start of service is the first token, so waiting time can be told from service time.
    @Test func firstToken_comesAtAdmission() {
        let service = PerformanceProfile.service(
            name: "resize", serviceTime: .milliseconds(80), concurrency: 2, price: Price(perAcceleratorHour: 0))
        let run = ReplicaRun(service, [0, 0.03, 0.05].map { .init(at: $0, prompt: 1, output: 2) })
        #expect(zip(run.firstToken, [0, 0.03, 0.08]).allSatisfy(agree), "\(run.firstToken)")
    }
}
