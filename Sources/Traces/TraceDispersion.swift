extension Trace {
    /// Windows of which a dispersion is measured, at least.
    private static let windowsMin = 20

    /// Variance over mean of the number of arrivals in windows of a length: 1 for a Poisson process, more for bursts.
    ///
    /// From differences of neighbours, `E[(N(i+1) - N(i))^2] / (2 E[N])` (von Neumann 1941), so that a rate that changes slowly
    /// over the day does not count as burstiness.
    ///
    /// - Parameter window: seconds, above 0.
    /// - Returns: nil when the trace does not last for twenty windows.
    package func dispersion(window: Double) -> Double? {
        precondition(window > 0, "a window has a length")
        let windows = Int((lastArrival - firstArrival) / window)
        guard windows >= Self.windowsMin else { return nil }
        var counts = [Double](repeating: 0, count: windows)
        let origin = firstArrival
        forEach { row in
            let index = Int((row.arrival - origin) / window)
            if index < windows { counts[index] += 1 }
        }
        let mean = counts.reduce(0, +) / Double(windows)
        let squares = zip(counts, counts.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
        return squares / Double(windows - 1) / 2 / mean
    }
}
