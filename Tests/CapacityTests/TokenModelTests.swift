import Performance
import Routing
import Testing

@testable import Capacity

@Suite struct TokenModelTests {
    private func model(_ requests: [RequestLengths], ttft: Double = 1, itl: Double = 0.05) -> TokenModel {
        TokenModel(
            profile: .a100, classes: RequestClasses(requests, longPromptTokens: 4096), ttft: ttft, itl: itl,
            order: .fcfs, pacing: nil)
    }

    private let chat = [RequestLengths(promptTokens: 1000, uncachedTokens: 1000, outputTokens: 201)]

    @Test func state_isTheFixedPoint() {
        // w = 71.1 ms, b = 92.8 us + 124.4 ns x 1101 = 229.7644 us; at 5/s: rho = 0.3555, 1000 tokens/s,
        // n = 1000 x 14.14 ms / (1 - 0.3555 - 0.2297644) = 14.14/0.4147356 = 34.0940, tau = 14.14 + 7.8336 = 21.9736 ms,
        // life = 200 x 21.9736 ms/0.6445 = 6.81881 s.
        let state = BatchState(model(chat), PoolLoad(rate: 5, replicas: 4, dispersion: 1))
        #expect(state != nil)
        #expect(abs((state?.mean ?? 0) - 34.0940) < 1e-3)
        #expect(abs((state?.iteration ?? 0) - 0.0219736) < 1e-6)
        #expect(abs((state?.life ?? 0) - 6.81881) < 1e-3)
        #expect(state?.dispersion == 1)
    }

    @Test func state_ofTooMuchWork_isNone() {
        #expect(BatchState(model(chat), PoolLoad(rate: 9, replicas: 4, dispersion: 1)) == nil)
        #expect(model(chat).attainment(PoolLoad(rate: 9, replicas: 4, dispersion: 1)) == 0)
    }

    @Test func dispersion_showsInFullOnlyAmongMany() {
        let load = PoolLoad(rate: 1, replicas: 1, dispersion: 9)
        #expect(load.dispersion(expecting: 0, growth: 0.25) == 1)
        // 1 + 8 (1/10)^0.25 = 5.4987
        #expect(abs(load.dispersion(expecting: 1, growth: 0.25) - 5.4987) < 1e-4)
        #expect(load.dispersion(expecting: 1e9, growth: 0.25) > 8.99)
    }

    @Test func attainment_fallsWithTheRate() {
        for model in [model(chat), model(conversation), model(chat, ttft: 0.2)] {
            for dispersion in [1.0, 10] {
                var last = 1.0
                for step in 1...70 {
                    let load = PoolLoad(rate: Double(step) / 10, replicas: 3, dispersion: dispersion)
                    let share = model.attainment(load)
                    #expect(share <= last + 1e-6, "dispersion \(dispersion), rate \(load.rate)")
                    last = share
                }
            }
        }
    }

    @Test func onlyPrefill_isALineAlone() {
        let embedding = [RequestLengths(promptTokens: 1000, uncachedTokens: 1000, outputTokens: 1)]
        let losses = model(embedding).losses(PoolLoad(rate: 10, replicas: 8, dispersion: 1))
        #expect(losses?.slow == 0 && losses?.full == 0)
        // 0.711 of eight servers of 71 ms and a second's patience: nobody is late.
        #expect((losses?.late ?? 1) < 1e-6)
        // No slow-down by decoding: 14.06/s at most.
        #expect(abs(model(embedding).rateMax - 1 / 0.0711) < 1e-9)
    }
}
