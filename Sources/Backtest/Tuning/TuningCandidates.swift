package import Policies
internal import RealModule
internal import Sampling

/// The settings that a search tries: the defaults, and points of the parameters' box around them.
package enum TuningCandidates {
    /// Significant digits: what is tried is what a file says, and more would be chance.
    private static let digits = 3
    private static let primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]

    /// Draws candidates.
    ///
    /// A low-discrepancy sequence fills the box more evenly than chance: multiples of the square roots of the primes, without
    /// their whole parts, from a drawn point on (Richtmyer 1951). No such root is near a fraction of small numbers, so no
    /// parameter comes round to the same few values. Half of the points lie below a parameter's default and half above,
    /// whatever its box is.
    ///
    /// - Parameters:
    ///   - count: candidates, at least 1; the first is `defaults`.
    ///   - parameters: those with a box are varied; at most as many as there are primes below 40.
    ///   - defaults: within the boxes.
    ///   - seed: of the point from which the sequence goes on.
    /// - Returns: the candidates.
    package static func settings(
        count: Int, of parameters: [TidewayParameter], around defaults: TidewaySettings, seed: UInt64
    ) -> [TidewaySettings] {
        precondition(count >= 1, "a search needs a candidate")
        var generator = SeededGenerator(seed: seed, stream: 11)
        precondition(parameters.count <= primes.count, "the sequence has \(primes.count) dimensions")
        let steps = primes.prefix(parameters.count).map { Double($0).squareRoot() }
        let starts = steps.map { _ in Double.random(in: 0..<1, using: &generator) }
        return (0..<count).map { index in
            var settings = defaults
            guard index > 0 else { return settings }
            for (place, parameter) in parameters.enumerated() {
                let position = starts[place] + Double(index) * steps[place]
                set(position - position.rounded(.down), parameter, in: &settings)
            }
            return settings
        }
    }

    /// Sets a parameter to where `share`, 0 ..< 1, lies: one half is the default.
    private static func set(_ share: Double, _ parameter: TidewayParameter, in settings: inout TidewaySettings) {
        guard let box = parameter.searched else { return }
        let offset = 2 * share - 1
        let usual = parameter.value(in: settings)
        let end = offset < 0 ? box.lowerBound : box.upperBound
        let value: Double =
            switch parameter.scale {
            case .linear: usual + (end - usual) * abs(offset)
            case .logarithmic: usual * .pow(end / usual, abs(offset))
            }
        parameter.set(min(max(rounded(value), box.lowerBound), box.upperBound), in: &settings)
    }

    private static func rounded(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        let places = digits - 1 - Int(Double.log10(value).rounded(.down))
        let scale = (0..<abs(places)).reduce(1.0) { power, _ in power * 10 }
        return places < 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
    }
}
