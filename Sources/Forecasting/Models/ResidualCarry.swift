/// An autoregression of order one on a model's residuals: what it missed by now it will miss by a part of later.
///
/// The coefficient is `sum e(t) e(t-1) / sum e(t-1)^2` with fading sums, within 0...0.995.
package struct ResidualCarry: Hashable, Sendable, Codable {
    package static let memory = 0.995

    private var product = 0.0
    private var square = 0.0
    /// The latest residual; it fades in gaps.
    package private(set) var residual = 0.0

    package init() {}

    package var coefficient: Double { square > 0 ? min(max(product / square, 0), 0.995) : 0 }

    /// - Parameter latest: what was measured minus what the model without the carry said; nil is a gap.
    package mutating func append(_ latest: Double?) {
        guard let latest else {
            residual *= coefficient
            return
        }
        product = product * Self.memory + latest * residual
        square = square * Self.memory + residual * residual
        residual = latest
    }

    /// Adds the carried residual to each step ahead.
    package func add(to path: UnsafeMutableBufferPointer<Double>) {
        let factor = coefficient
        var carried = residual
        for index in path.indices {
            carried *= factor
            path[index] += carried
        }
    }
}
