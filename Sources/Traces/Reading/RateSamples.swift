/// The samples of a rate series as they were read, before it is known how long each bin is.
struct RateSamples {
    /// A sample in the unit of the file.
    struct Sample {
        var time: Double
        var low: Double
        var high: Double
    }

    private(set) var samples: [Sample] = []
    /// Samples without a value (empty or NaN).
    var missingCount = 0

    /// Bins that are longer than this many steps are bridged as gaps.
    private static let gapStepsMin = 1.5

    mutating func append(_ sample: Sample) { samples.append(sample) }

    /// The bins, each from a sample to the next. Gaps are bridged by interpolation: that a monitor was silent does not
    /// mean that users were. `countsFromStart` makes the first sample time zero; `notes` receives what a person should
    /// know.
    mutating func series(
        file: String, unit: RateUnit, countsFromStart: Bool, notes: inout [String]
    ) throws(TraceError) -> RateSeries {
        sort(notes: &notes)
        guard samples.count >= 2, let first = samples.first else {
            throw TraceError(
                .empty, file: file, problem: "found \(samples.count) samples of the rate, expected at least two",
                remedy: "The step between samples tells how long each rate holds.")
        }
        let steps = zip(samples.dropFirst(), samples).map { $0.time - $1.time }
        let step = steps.sorted()[steps.count / 2]
        let origin = countsFromStart ? first.time : 0
        var bins: [RateSeries.Bin] = []
        var gapCount = 0
        for (index, sample) in samples.enumerated() {
            let distance = index < steps.count ? steps[index] : step
            let isGap = distance > Self.gapStepsMin * step
            if isGap { gapCount += 1 }
            let pieces = isGap ? (distance / step).rounded() : 1
            guard Double(bins.count) + pieces <= Double(ReadingLimits.binsMax) else { throw Self.tooLong(file: file) }
            let next = index + 1 < samples.count ? samples[index + 1] : sample
            for piece in 0..<Int(pieces) {
                let width = distance / pieces
                let mixed = Self.mix(sample, next, fraction: Double(piece) / pieces)
                bins.append(
                    RateSeries.Bin(
                        start: sample.time - origin + Double(piece) * width, width: width,
                        low: unit.requestsPerSecond(mixed.low, binSeconds: width),
                        high: unit.requestsPerSecond(mixed.high, binSeconds: width)))
            }
        }
        if missingCount > 0 { notes.append("\(missingCount) samples had no value.") }
        if gapCount > 0 { notes.append("\(gapCount) gaps in the series were bridged by interpolation.") }
        return RateSeries(bins: bins, countsAreExact: unit == .count)
    }

    /// Sorts by time and adds up samples of the same moment.
    private mutating func sort(notes: inout [String]) {
        if !zip(samples, samples.dropFirst()).allSatisfy({ $0.time <= $1.time }) {
            samples.sort { $0.time < $1.time }
            notes.append("Samples were out of order and were sorted.")
        }
        var summed: [Sample] = []
        for sample in samples {
            if let last = summed.last, last.time == sample.time {
                summed[summed.count - 1].low += sample.low
                summed[summed.count - 1].high += sample.high
            } else {
                summed.append(sample)
            }
        }
        if summed.count < samples.count { notes.append("Samples of the same moment were added up.") }
        samples = summed
    }

    private static func mix(_ left: Sample, _ right: Sample, fraction: Double) -> Sample {
        Sample(
            time: left.time, low: left.low + (right.low - left.low) * fraction,
            high: left.high + (right.high - left.high) * fraction)
    }

    private static func tooLong(file: String) -> TraceError {
        TraceError(
            .limit, file: file, problem: "the series has more than \(ReadingLimits.binsMax) steps",
            remedy: "Is one timestamp far from the others? Otherwise query with a longer step.")
    }
}
