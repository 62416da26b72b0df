internal import RealModule

/// What regressions measure a series in, so that their ridge means the same for bytes and for requests.
package struct Unit: Hashable, Sendable, Codable {
    /// Values from which the unit is set.
    package static let countMin = 16

    package private(set) var center = 0.0
    private var size = 1.0
    private var squares = 0.0
    private var count = 0.0

    package init() {}

    /// Whether enough was seen; from then on it does not change.
    package var isSet: Bool { count >= Double(Self.countMin) }

    package mutating func append(_ value: Double) {
        guard !isSet else { return }
        count += 1
        let before = value - center
        center += before / count
        squares += before * (value - center)
        let deviation = Double.sqrt(squares / count)
        size = deviation > 0 ? deviation : center != 0 ? abs(center) : 1
    }

    package func scaled(_ value: Double) -> Double { (value - center) / size }
    package func value(_ scaled: Double) -> Double { center + scaled * size }
}
