import Fleet
import Performance
import Routing
import Testing

@testable import Capacity

@Suite struct PoolCapacityTests {
    private let orders: [DispatchOrder] = [.fcfs, .slo]

    private func capacity(
        _ slo: ServiceLevelObjective = objective(), _ order: DispatchOrder = .fcfs
    ) -> PoolCapacity {
        PoolCapacity(profile: .a100, classes: conversationClasses, slo: slo, order: order)
    }

    @Test func replicas_growWithRateAndBurstiness() {
        for order in orders {
            let capacity = capacity(objective(), order)
            for dispersion in [0.1, 0.25, 0.7, 1, 1.5, 3, 10, 100, 500] {
                var last = 0
                for step in 0...200 {
                    let count = capacity.replicas(rate: Double(step * step) * 0.2, dispersion: dispersion)
                    let more = capacity.replicas(rate: Double(step * step) * 0.2, dispersion: dispersion * 1.3)
                    guard let count else { continue }
                    #expect(count >= last, "\(order) dispersion \(dispersion) step \(step)")
                    if let more { #expect(more >= count, "\(order) dispersion \(dispersion) step \(step)") }
                    last = count
                }
            }
        }
    }

    @Test func replicas_shrinkWithMoreTime() {
        for order in orders {
            let tables = [(0.5, 0.04), (1, 0.04), (1, 0.05), (2, 0.05), (2, 0.1)].map {
                capacity(objective(ttft: $0.0, itl: $0.1), order)
            }
            for (tight, loose) in zip(tables, tables.dropFirst()) {
                for replicas in [1, 2, 3, 7, 20, 100, 2000] {
                    for dispersion in [0.5, 1, 4, 20] {
                        let least = tight.rate(replicas: replicas, dispersion: dispersion)
                        #expect(loose.rate(replicas: replicas, dispersion: dispersion) >= least * (1 - 1e-3))
                    }
                }
            }
        }
    }

    @Test func rate_ofMoreRequestsThatMustBeGood_isLess() {
        for order in orders {
            let (strict, lax) = (capacity(objective(0.999), order), capacity(objective(0.9), order))
            for replicas in [1, 4, 32] {
                #expect(
                    strict.rate(replicas: replicas, dispersion: 1) < lax.rate(replicas: replicas, dispersion: 1))
            }
        }
    }

    @Test func rate_pools_andStaysBelowTheFluid() {
        let shape = RequestShape(
            uncachedTokens: conversationClasses.uncachedMean, decodedTokens: conversationClasses.decodedMean,
            contextTokens: conversationClasses.contextMean)
        let fluid = PerformanceProfile.a100.fluidPoint(shape, itl: 0.05).rate
        for order in orders {
            let capacity = capacity(objective(), order)
            var last = 0.0
            for replicas in 1...200 {
                let each = capacity.rate(replicas: replicas, dispersion: 1) / Double(replicas)
                #expect(each >= last - 1e-9 && each < fluid)
                last = each
            }
            // A large pool comes near the fluid, one replica does not.
            #expect(last > 0.85 * fluid)
            #expect(capacity.rate(replicas: 1, dispersion: 1) < 0.85 * fluid)
        }
    }

    @Test func replicas_areTheLeastWhoseRateSuffices() {
        let capacity = capacity()
        for rate in [0.1, 3, 10, 33.3, 100, 777, 9000] {
            guard let count = capacity.replicas(rate: rate, dispersion: 2) else {
                Issue.record("\(rate) needs a number")
                continue
            }
            #expect(capacity.rate(replicas: count, dispersion: 2) >= rate * (1 - 1e-9))
            if count > 1 { #expect(capacity.rate(replicas: count - 1, dispersion: 2) < rate) }
        }
    }

    @Test func replicas_withoutLoad_areNone_andWithoutHope_unknown() {
        #expect(capacity().replicas(rate: 0, dispersion: 1) == 0)
        // An iteration takes 14 ms: 10 ms between tokens cannot be.
        let hopeless = capacity(objective(itl: 0.01))
        #expect(hopeless.replicas(rate: 1, dispersion: 1) == nil)
        #expect(hopeless.rate(replicas: 100, dispersion: 1) == 0)
    }

    @Test func slo_carriesMoreThanFirstComeFirstServed_onThisTraffic() {
        let (fcfs, slo) = (capacity(), capacity(objective(), .slo))
        #expect(slo.rate(replicas: 8, dispersion: 1) > fcfs.rate(replicas: 8, dispersion: 1))
    }

    @Test func cachedPrompts_needLess() {
        let cached = conversation.map {
            RequestLengths(
                promptTokens: $0.promptTokens, uncachedTokens: ($0.uncachedTokens / 4).rounded(.up),
                outputTokens: $0.outputTokens)
        }
        let half = PoolCapacity(
            profile: .a100, classes: RequestClasses(cached, longPromptTokens: 4096), slo: objective(), order: .fcfs)
        #expect(half.rate(replicas: 8, dispersion: 1) > 1.15 * capacity().rate(replicas: 8, dispersion: 1))
    }

    @Test func corrected_carriesWhatWasMeasured_andStaysMonotone() {
        let measured = [
            PoolCapacity.Measurement(replicas: 16, dispersion: 1, rate: 3.6),
            PoolCapacity.Measurement(replicas: 4, dispersion: 1, rate: 3),
            PoolCapacity.Measurement(replicas: 4, dispersion: 8, rate: 1.5),
        ]
        let corrected = capacity().corrected(by: measured)
        #expect(abs(corrected.rate(replicas: 4, dispersion: 1) - 12) < 1e-9)
        #expect(abs(corrected.rate(replicas: 16, dispersion: 1) - 57.6) < 1e-9)
        #expect(abs(corrected.rate(replicas: 4, dispersion: 8) - 6) < 1e-9)
        #expect(corrected.rate(replicas: 4, dispersion: 3) > 6 && corrected.rate(replicas: 4, dispersion: 3) < 12)
        for replicas in 2...100 {
            #expect(
                corrected.rate(replicas: replicas, dispersion: 3)
                    > corrected.rate(replicas: replicas - 1, dispersion: 3))
        }
    }

    @Test func corrected_withNothingCarriedInBursts_promisesNothingThere() {
        let measured = [1.0, 8].map {
            PoolCapacity.Measurement(replicas: 8, dispersion: $0, rate: $0 == 1 ? 3 : 0)
        }
        let corrected = capacity().corrected(by: measured)
        #expect(corrected.replicas(rate: 1, dispersion: 16) == nil)
        #expect(corrected.replicas(rate: 24, dispersion: 1) == 8)
    }

    @Test func corrected_byNothing_staysAsItWas() {
        #expect(
            capacity().corrected(by: []).rate(replicas: 9, dispersion: 2) == capacity().rate(replicas: 9, dispersion: 2)
        )
    }

    @Test func service_isAQueueOfItsServers() {
        // 4 at once, 0.2 s each: 20/s at most. One replica, limit 1.8 s: M/D/4.
        let profile = PerformanceProfile.service(
            name: "s", serviceTime: .milliseconds(200), concurrency: 4, price: Price(perAcceleratorHour: 0))
        let slo = ServiceLevelObjective(limits: .latency(.seconds(1.8)))
        let capacity = PoolCapacity(profile: profile, classes: conversationClasses, slo: slo, order: .fcfs)
        let one = capacity.rate(replicas: 1, dispersion: 1)
        #expect(one > 0.85 * 20 && one < 20)
        #expect(capacity.rate(replicas: 50, dispersion: 1) < 1000)
        let late = ServiceLevelObjective(limits: .latency(.milliseconds(100)))
        let never = PoolCapacity(profile: profile, classes: conversationClasses, slo: late, order: .fcfs)
        #expect(never.replicas(rate: 1, dispersion: 1) == nil)
    }
}
