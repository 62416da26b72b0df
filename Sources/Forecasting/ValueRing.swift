/// The latest values of a series, by age.
package struct ValueRing: Hashable, Sendable, Codable {
    private var values: [Double]
    private let mask: Int
    /// Values taken in so far, also those that have been overwritten.
    package private(set) var total = 0

    /// - Parameter capacity: a power of two.
    package init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring holds a power of two")
        values = Array(repeating: 0, count: capacity)
        mask = capacity - 1
    }

    package var capacity: Int { values.count }

    /// Values that can be read.
    package var count: Int { min(total, values.count) }

    package mutating func append(_ value: Double) {
        values[total & mask] = value
        total += 1
    }

    /// The value `age` places before the latest one; nil where none is known.
    package func value(age: Int) -> Double? {
        guard age >= 0, age < count else { return nil }
        return values[(total - 1 - age) & mask]
    }

    /// The latest values in order of time.
    package func latest(_ wanted: Int) -> [Double] {
        let size = min(wanted, count)
        return (0..<size).map { values[(total - size + $0) & mask] }
    }
}
