package import Fleet

/// The last samples of a workload, oldest first, bounded in number.
package struct SampleHistory: Hashable, Sendable {
    /// Samples kept: an hour at one a second.
    package static let capacity = 3600
    /// Of the latest ones the replicas' own gauges are kept too; that is what takes memory in a large fleet.
    package static let replicaGaugesCapacity = 300

    private var ring: [WorkloadSample] = []
    private var start = 0

    package init() {}

    package var count: Int { ring.count }

    /// - Parameter offset: 0 is the oldest.
    package subscript(offset: Int) -> WorkloadSample {
        _read {
            let index = start + offset
            yield ring[index < ring.count ? index : index - ring.count]
        }
    }

    /// Appends a sample; one that is not newer than the last is ignored (a late duplicate).
    ///
    /// - Returns: whether it was kept.
    @discardableResult
    package mutating func append(_ sample: WorkloadSample) -> Bool {
        if count > 0, sample.at <= self[count - 1].at { return false }
        if ring.count < SampleHistory.capacity {
            ring.append(sample)
        } else {
            ring[start] = sample
            start = start + 1 == ring.count ? 0 : start + 1
        }
        forgetReplicaGauges()
        return true
    }

    private mutating func forgetReplicaGauges() {
        let offset = count - 1 - SampleHistory.replicaGaugesCapacity
        guard offset >= 0 else { return }
        let index = start + offset
        ring[index < ring.count ? index : index - ring.count].dropGauges()
    }

    /// How many samples were taken at or before `instant`; O(log n).
    package func count(through instant: Instant) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

// MARK: Keeping across restarts

extension SampleHistory: Codable {
    private enum CodingKeys: CodingKey { case numbers, replicas }

    /// The samples that somebody who looks back so far sees, with the replicas' gauges of the newest alone; nil: all.
    func kept(for memory: Duration?) -> SampleHistory {
        guard let memory, count > 0 else { return self }
        let first = max(count(through: self[count - 1].at - memory) - 1, 0)
        var kept = SampleHistory()
        kept.ring = (first..<count).map { self[$0] }
        for index in kept.ring.indices.dropLast() { kept.ring[index].dropGauges() }
        return kept
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let rows = try container.decode([[Double]].self, forKey: .numbers)
        let replicas = try container.decode([[ReplicaSample]].self, forKey: .replicas)
        for (index, numbers) in rows.enumerated() {
            guard var sample = WorkloadSample(numbers: numbers), count < SampleHistory.capacity else {
                throw DecodingError.dataCorruptedError(
                    forKey: .numbers, in: container, debugDescription: "row \(index) is no sample")
            }
            let gauges = index - (rows.count - replicas.count)
            if gauges >= 0, gauges < replicas.count { sample.replicas = replicas[gauges] }
            append(sample)
        }
    }

    /// A row of numbers per sample, and the gauges of the newest ones: names at each sample would take most of the room.
    package func encode(to encoder: any Encoder) throws {
        let samples = (0..<count).map { self[$0] }
        let withGauges = samples.drop { $0.replicas.isEmpty }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(samples.map(\.numbers), forKey: .numbers)
        try container.encode(withGauges.map(\.replicas), forKey: .replicas)
    }
}
