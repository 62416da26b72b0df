/// Places at which a schedule may be cut, those first that save most for each request that would be late.
///
/// Saved are replica-seconds and starts; late requests are those of a fluid queue. Candidates: each level wherever it is needed,
/// the whole of it, its begin or its end; and stretches in which another schedule has fewer.
struct ClairvoyantCuts {
    /// Fewer replicas in some bins.
    private struct Cut {
        var bins: Range<Int>
        /// Replicas at most; of `source` where there is one.
        var ceiling = 0
        /// Which other schedule tells the ceiling of each bin.
        var source: Int?
        /// Late requests that it adds, for each replica-second that it saves.
        var lateShare = 0.0
    }

    /// Seconds by which a need may begin later or end earlier.
    static let trims = [2.0, 10, 30]
    /// Cuts that are kept.
    static let cutsMax = 4000

    private let others: [[Int]]
    private let width: Double
    private let startSeconds: Double
    private var cuts: [Cut] = []

    /// - Parameters:
    ///   - counts: the schedule.
    ///   - others: schedules of as many bins.
    ///   - queue: of the schedule.
    ///   - width: seconds of a bin.
    ///   - startSeconds: of a start, on average.
    init(_ counts: [Int], others: [[Int]], queue: FluidQueue, width: Double, startSeconds: Double) {
        self.others = others
        self.width = width
        self.startSeconds = startSeconds
        var found = levels(counts) + others.indices.flatMap { stretches(counts, source: $0) }
        for index in found.indices {
            let cut = found[index]
            let saved = saving(counts, cut)
            found[index].lateShare =
                saved > 0 ? Double(queue.added(in: cut.bins) { ceiling(cut, $0) }) / saved : .infinity
        }
        let useful = found.enumerated().filter { $0.element.lateShare < .infinity }
        cuts = useful.sorted { ($0.element.lateShare, $0.offset) < ($1.element.lateShare, $1.offset) }
            .prefix(ClairvoyantCuts.cutsMax).map(\.element)
    }

    /// How many there are.
    var count: Int { cuts.count }

    /// A schedule with some of the cuts.
    func apply(_ range: Range<Int>, to counts: [Int]) -> [Int] {
        var counts = counts
        for cut in cuts[range] {
            for bin in cut.bins { counts[bin] = min(counts[bin], ceiling(cut, bin)) }
        }
        return counts
    }

    private func ceiling(_ cut: Cut, _ bin: Int) -> Int { cut.source.map { others[$0][bin] } ?? cut.ceiling }

    /// Every level but the first, wherever it is needed.
    private func levels(_ counts: [Int]) -> [Cut] {
        var cuts: [Cut] = []
        var begins: [Int] = []
        for bin in 0...counts.count {
            let count = bin < counts.count ? counts[bin] : 0
            while begins.count > count {
                let begin = begins.removeLast()
                guard !begins.isEmpty else { continue }
                let ceiling = begins.count
                cuts.append(Cut(bins: begin..<bin, ceiling: ceiling))
                for trim in ClairvoyantCuts.trims.map({ Int($0 / width) }) where trim > 0 && trim < bin - begin {
                    cuts.append(Cut(bins: begin..<begin + trim, ceiling: ceiling))
                    cuts.append(Cut(bins: bin - trim..<bin, ceiling: ceiling))
                }
            }
            while begins.count < count { begins.append(bin) }
        }
        return cuts
    }

    private func stretches(_ counts: [Int], source: Int) -> [Cut] {
        var cuts: [Cut] = []
        var begin: Int?
        for bin in 0...counts.count {
            let isFewer = bin < counts.count && others[source][bin] < counts[bin]
            if isFewer, begin == nil { begin = bin }
            if !isFewer, let first = begin {
                cuts.append(Cut(bins: first..<bin, source: source))
                begin = nil
            }
        }
        return cuts
    }

    /// Replica-seconds that a cut saves, those of starts included.
    private func saving(_ counts: [Int], _ cut: Cut) -> Double {
        var saved = 0.0
        let last = cut.bins.lowerBound > 0 ? counts[cut.bins.lowerBound - 1] : nil
        // A run begins with what its first bin needs.
        var before = last.map { (old: $0, new: $0) }
        for bin in cut.bins.lowerBound...cut.bins.upperBound where bin < counts.count {
            let old = counts[bin]
            let new = cut.bins.contains(bin) ? min(old, ceiling(cut, bin)) : old
            saved += Double(old - new) * width
            if let before {
                saved += Double(max(old - before.old, 0) - max(new - before.new, 0)) * startSeconds
            }
            before = (old, new)
        }
        return saved
    }
}
