import Testing

@testable import Capacity

@Suite struct TailsTests {
    @Test func normal_ofKnownPoints() {
        #expect(abs(Tails.normal(0) - 0.5) < 1e-15)
        #expect(abs(Tails.normal(1.959963984540054) - 0.975) < 1e-12)
        #expect(abs(Tails.normal(-3) - 0.001349898031630) < 1e-12)
    }

    @Test func gamma_isWithinAPointOfTheExactDistribution() {
        // Exponential: 1 - 1/e = 0.632121, and 1 - e^-0.1 = 0.095163.
        #expect(abs(Tails.gamma(below: 1, mean: 1, variance: 1) - 0.632121) < 0.005)
        #expect(abs(Tails.gamma(below: 0.1, mean: 1, variance: 1) - 0.095163) < 0.01)
        // Of shape 4 and mean 2, so 2 x = 3 of scale 1: 1 - e^-3 (1 + 3 + 4.5 + 4.5) = 0.352768.
        #expect(abs(Tails.gamma(below: 1.5, mean: 2, variance: 1) - 0.352768) < 0.002)
        #expect(Tails.gamma(below: 0, mean: 1, variance: 0.05) < 1e-9)
        #expect(Tails.gamma(below: 9, mean: 1, variance: 0.05) > 1 - 1e-9)
    }

    @Test func delayed_atNoSlack_isCertain() {
        #expect(abs(Tails.delayed(0) - 1) < 1e-12)
        // Halfin and Whitt at b = 1: 1/(1 + 0.8413447/0.2419707) = 0.223361.
        #expect(abs(Tails.delayed(1) - 0.223361) < 1e-6)
        #expect(Tails.delayed(-6) == 1)
        #expect(Tails.delayed(40) == 0)
    }
}
