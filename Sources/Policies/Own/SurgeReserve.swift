/// Capacity beyond what is expected, as it grows with that: `multiple` times it, and `roots` times its square root.
///
/// What a surge brings is no multiple of the mean: after the first surges the mean has risen by them, and they have not. Nor is it the
/// same for each mean, as more users bring larger surges. Sources that are not quite independent lie between; the root is what
/// independent ones give (square-root staffing, Halfin and Whitt 1981).
struct SurgeReserve: Hashable, Sendable {
    /// At least 1.
    var multiple = 1.0
    /// In roots of steady replicas, zero or more.
    var roots = 0.0

    /// Steady replicas to hold where `expected` are expected, zero or more.
    func replicas(_ expected: Double) -> Double { multiple * expected + roots * expected.squareRoot() }

    /// The reserve at `part`, 0 ... 1, of the way to another.
    func interpolated(to other: SurgeReserve, _ part: Double) -> SurgeReserve {
        SurgeReserve(
            multiple: multiple + (other.multiple - multiple) * part, roots: roots + (other.roots - roots) * part)
    }
}
