import Testing

@testable import Capacity

@Suite struct TailsTests {
    @Test func normal_ofKnownPoints() {
        #expect(abs(Tails.normal(0) - 0.5) < 1e-15)
        #expect(abs(Tails.normal(1.959963984540054) - 0.975) < 1e-12)
        #expect(abs(Tails.normal(-3) - 0.001349898031630) < 1e-12)
    }

    @Test func beta_ofUniformAndOfPowers_isExact() {
        // a = b = 1 is uniform; a = 2, b = 1 has P(X <= x) = x^2.
        #expect(abs(Tails.beta(above: 0.3, mean: 0.5, weight: 2) - 0.7) < 1e-12)
        #expect(abs(Tails.beta(above: 0.9, mean: 2.0 / 3, weight: 3) - (1 - 0.81)) < 1e-12)
        #expect(abs(Tails.beta(above: 0.1, mean: 2.0 / 3, weight: 3) - (1 - 0.01)) < 1e-12)
        // a = 2, b = 3: P(X <= 0.4) = 0.4^2 (6 - 8 x 0.4 + 3 x 0.4^2) = 0.5248.
        #expect(abs(Tails.beta(above: 0.4, mean: 0.4, weight: 5) - (1 - 0.5248)) < 1e-12)
    }

    @Test func beta_ofAShareThatIsAllOrNothing_isItsMean() {
        #expect(abs(Tails.beta(above: 0.5, mean: 0.2, weight: 1e-3) - 0.2) < 1e-3)
        #expect(Tails.beta(above: 0, mean: 0.2, weight: 1) == 1)
        #expect(Tails.beta(above: 1, mean: 0.2, weight: 1) == 0)
    }

    @Test func delayed_atNoSlack_isCertain() {
        #expect(abs(Tails.delayed(0) - 1) < 1e-12)
        // Halfin and Whitt at b = 1: 1/(1 + 0.8413447/0.2419707) = 0.223361.
        #expect(abs(Tails.delayed(1) - 0.223361) < 1e-6)
        #expect(Tails.delayed(-6) == 1)
        #expect(Tails.delayed(40) == 0)
    }
}
