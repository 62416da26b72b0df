package import Fleet

/// The last samples of a workload, oldest first, bounded in number.
package struct SampleHistory: Sendable {
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
        ring[index < ring.count ? index : index - ring.count].replicas = []
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
