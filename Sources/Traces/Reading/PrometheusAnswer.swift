/// Reads the JSON that Prometheus answers to a range query (`/api/v1/query_range`): a matrix of one or more series, whose
/// values are added up.
///
/// Source: Prometheus documentation, "HTTP API", range vectors: `[[<unix time>, "<value>"], ...]` for each series.
struct PrometheusAnswer {
    private let file: String
    private var scanner: JSONScanner
    private var samples = RateSamples()
    private var seriesCount = 0
    private var clock = ArrivalClock()
    private var failure: String?

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        self.file = file
        scanner = JSONScanner(bytes)
    }

    mutating func load(name: String, options: TraceReadingOptions) throws(TraceError) -> LoadedTrace {
        let (summed, notes) = try summedSamples()
        var merged = RateSamples()
        merged.missingCount = samples.missingCount
        for sample in summed { merged.append(sample) }
        return try merged.load(
            file: file, name: name, inferredUnit: nil, countsFromStart: clock.countsFromFirstArrival, options: options,
            notes: notes, skippedCount: 0)
    }

    /// The samples of all series added up, in order of time, with sentences for people.
    mutating func summedSamples() throws(TraceError) -> (samples: [RateSamples.Sample], notes: [String]) {
        try readAnswer()
        if let failure {
            throw TraceError(
                .format, file: file, problem: "Prometheus answered with an error: \(failure)",
                remedy: "Correct the query and save the answer again.")
        }
        var notes = clock.countsFromFirstArrival ? ["Timestamps count from the first sample, which is time zero."] : []
        if seriesCount > 1 { notes.append("The file holds \(seriesCount) series; their values were added up.") }
        return (Self.addUp(samples.samples), notes)
    }

    /// Adds up the series. One that has no sample at some moment adds nothing: series come and go with their servers.
    private static func addUp(_ samples: [RateSamples.Sample]) -> [RateSamples.Sample] {
        var summed: [RateSamples.Sample] = []
        for sample in samples.sorted(by: { $0.time < $1.time }) {
            if let last = summed.last, last.time == sample.time {
                summed[summed.count - 1].low += sample.low
                summed[summed.count - 1].high += sample.high
            } else {
                summed.append(sample)
            }
        }
        return summed
    }

    private mutating func readAnswer() throws(TraceError) {
        if scanner.peek() == UInt8(ascii: "[") {
            return try readList { answer throws(TraceError) in try answer.readSeries() }
        }
        try readObject { answer, key throws(TraceError) in
            if key.equals("data") {
                try answer.readData()
            } else if key.equals("error") {
                answer.failure = answer.scanner.string()?.text
            } else {
                try answer.skip()
            }
        }
    }

    private mutating func readData() throws(TraceError) {
        try readObject { answer, key throws(TraceError) in
            if key.equals("resultType") {
                let type = answer.scanner.string()
                guard let type, type.equals("matrix") else {
                    throw TraceError(
                        .format, file: answer.file,
                        problem: "found a result of type \(type?.quoted ?? "nothing"), expected \"matrix\"",
                        remedy: "Ask /api/v1/query_range (with start, end and step) instead of /api/v1/query.")
                }
            } else if key.equals("result") {
                try answer.readList { answer throws(TraceError) in try answer.readSeries() }
            } else {
                try answer.skip()
            }
        }
    }

    private mutating func readSeries() throws(TraceError) {
        seriesCount += 1
        try readObject { answer, key throws(TraceError) in
            if key.equals("values") {
                try answer.readList { answer throws(TraceError) in try answer.readSample() }
            } else {
                try answer.skip()
            }
        }
    }

    private mutating func readSample() throws(TraceError) {
        guard scanner.skip("["), let time = scanner.numberText(), let arrival = clock.arrival(time), scanner.skip(","),
            let value = scanner.numberText(), scanner.skip("]")
        else { throw malformed(expected: "a sample [time, \"value\"]") }
        guard let rate = value.number, rate >= 0 else {
            guard value.text == "NaN" else { throw malformed(expected: "a rate of zero or more before this") }
            samples.missingCount += 1
            return
        }
        guard samples.samples.count < ReadingLimits.binsMax else { throw malformed(expected: "fewer samples") }
        samples.append(RateSamples.Sample(time: arrival, low: rate, high: rate))
    }

    private mutating func readObject(
        _ member: (inout PrometheusAnswer, ByteField) throws(TraceError) -> Void
    ) throws(TraceError) {
        guard scanner.skip("{") else { throw malformed(expected: "an object {...}") }
        if scanner.skip("}") { return }
        repeat {
            guard let key = scanner.string(), scanner.skip(":") else { throw malformed(expected: "a member \"name\":") }
            try member(&self, key)
        } while scanner.skip(",")
        guard scanner.skip("}") else { throw malformed(expected: "the end of the object: }") }
    }

    private mutating func readList(
        _ element: (inout PrometheusAnswer) throws(TraceError) -> Void
    ) throws(TraceError) {
        guard scanner.skip("[") else { throw malformed(expected: "a list [...]") }
        if scanner.skip("]") { return }
        repeat { try element(&self) } while scanner.skip(",")
        guard scanner.skip("]") else { throw malformed(expected: "the end of the list: ]") }
    }

    private mutating func skip() throws(TraceError) {
        guard scanner.skipValue() else { throw malformed(expected: "a value") }
    }

    private func malformed(expected: String) -> TraceError {
        var rest = scanner
        _ = rest.peek()
        let end = min(rest.index, rest.bytes.count)
        let before = rest.bytes[..<end]
        let line = before.reduce(1) { $1 == 10 ? $0 + 1 : $0 }
        let lineStart = (before.lastIndex(of: 10) ?? -1) + 1
        let found = ByteField(bytes: UnsafeBufferPointer(rebasing: rest.bytes[end...].prefix(12)), column: 0)
        return TraceError(
            .badValue, file: file, line: line, column: end - lineStart + 1,
            problem:
                "JSON: found \(end == rest.bytes.count ? "the end of the file" : found.quoted), expected \(expected)",
            remedy: "Save the whole answer of /api/v1/query_range.")
    }
}
