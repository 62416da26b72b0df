import Fleet
import Testing

@testable import Performance

@Suite struct ServiceProfileTests {
    private let service = PerformanceProfile.service(
        name: "thumbnails", serviceTime: .milliseconds(80), concurrency: 4, price: Price(perAcceleratorHour: 0.5))
    private let shape = RequestShape(promptTokens: 300, outputTokens: Double(PerformanceProfile.serviceOutputTokens))

    @Test func service_request_takesOneIterationOfTheServiceTimeWhateverRunsBesides() {
        #expect(service.c0 == 0.08)
        #expect([service.c1, service.c2, service.c3, service.c4] == [0, 0, 0, 0])
        #expect(service.maxBatch == 4)
        #expect(service.prefillWork(uncachedTokens: 300) == 0)
        #expect(shape.decodedTokens == 1)
    }

    @Test func service_fluidPoint_isConcurrencyOverServiceTime() {
        // 4 at once / 80 ms = 50 requests per second.
        let point = service.fluidPoint(shape, limits: .latency(.milliseconds(720)))
        #expect(abs(point.rate - 50) < 1e-9)
        #expect(point.batch == 4)
    }

    @Test func service_workAtTheFluidBatch_isTheInverseOfItsRate() {
        let work = service.work(promptTokens: 300, uncachedTokens: 300, outputTokens: 2, batch: 4)
        #expect(abs(1 / work - 50) < 1e-9)
    }

    @Test func service_latencyLimitEqualToServiceTime_isJustPossible() {
        #expect(service.fluidPoint(shape, limits: .latency(.milliseconds(80))).rate > 49.9)
    }

    @Test func service_latencyLimitBelowServiceTime_carriesNothing() {
        #expect(service.fluidPoint(shape, limits: .latency(.milliseconds(79))).rate == 0)
    }
}
