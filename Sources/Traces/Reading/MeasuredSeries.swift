/// A series of measurements as the file has it: gaps are left open, values may have any sign.
package struct MeasuredSeries: Sendable {
    /// Seconds; rising.
    package var times: [Double]
    /// Nil where there is no value.
    package var values: [Double?]
    /// Other columns of the same rows, by the order in which they were asked for. Their gaps are filled with the value before.
    package var covariates: [[Double]]
    /// What the values are, for people: the column's name.
    package var name: String
    /// Sentences for people.
    package var notes: [String]

    /// The median distance of neighbouring samples; nil with fewer than two.
    package var stepSeconds: Double? {
        let distances = zip(times.dropFirst(), times).map { $0 - $1 }.filter { $0 > 0 }.sorted()
        return distances.isEmpty ? nil : distances[distances.count / 2]
    }
}

/// What a file held: measurements, or requests that are yet to be counted.
package enum MeasuredInput: Sendable {
    case series(MeasuredSeries)
    case requests(LoadedTrace)
}
