package import Fleet
internal import Performance
package import Traces

extension Plant {
    /// One line per interval of the measured period.
    func timeline(_ samples: [RunRecords.TimelineSample], options: SimulationOptions) -> [TimelinePoint] {
        guard let width = options.timelineWidth, let outcomes else { return [] }
        let batch = fluidBatch(slo: options.slo)
        return samples.filter { $0.end > bill.from && $0.end - width < bill.until }.map { sample in
            let first = trace.firstIndex(from: sample.end - width)
            let last = trace.firstIndex(from: sample.end)
            var point = TimelinePoint(
                start: sample.end - width, arrivalRate: Double(last - first) / width, workRate: 0,
                desired: sample.desired, current: sample.current, ready: sample.ready, queued: sample.queued,
                running: sample.running)
            guard first < last else { return point }
            point.workRate = workRate(first..<last, batch: batch, width: width)
            point.ttftP50 = outcomes.ttft.percentile(0.5, first..<last)
            point.ttftP99 = outcomes.ttft.percentile(0.99, first..<last)
            point.itlP99 = outcomes.itl.percentile(0.99, first..<last)
            let good = outcomes.isGood[first..<last].reduce(0) { $0 + ($1 ? 1 : 0) }
            point.goodRatio = Double(good) / Double(last - first)
            return point
        }
    }

    private func workRate(_ requests: Range<Int>, batch: Double, width: Double) -> Double {
        var work = 0.0
        for index in requests {
            let row = trace[index]
            work += profile.work(
                promptTokens: Double(row.promptTokens), uncachedTokens: Double(trace.uncachedTokens(index)),
                outputTokens: Double(row.outputTokens), batch: batch)
        }
        return work / width
    }

    private func fluidBatch(slo: ServiceLevelObjective) -> Double {
        trace.meanShape.map { profile.fluidPoint($0, limits: slo.limits).batch } ?? 1
    }
}

extension Trace {
    /// Means over all requests; nil for an empty trace.
    package var meanShape: RequestShape? {
        var sums = RequestShapeAccumulator()
        for index in 0..<count {
            let row = self[index]
            sums.add(
                promptTokens: Double(row.promptTokens), uncachedTokens: Double(uncachedTokens(index)),
                outputTokens: Double(row.outputTokens))
        }
        return sums.shape
    }
}

extension [Float] {
    /// Element number `ceil(p (N - 1))` of the sorted range, which must not be empty.
    func percentile(_ share: Double, _ range: Range<Int>) -> Double {
        let sorted = self[range].sorted()
        return Double(sorted[Int((share * Double(sorted.count - 1)).rounded(.up))])
    }
}
