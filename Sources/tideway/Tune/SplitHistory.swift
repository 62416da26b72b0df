internal import Backtest
internal import Traces

/// What of the history is searched, and what is held out: all traces, or none of them where one is too short.
struct SplitHistory: Sendable {
    let searched: [Trace]
    /// The whole traces, each with the instant from which it is measured; none where nothing is held out.
    let heldOut: [(trace: Trace, measureFrom: Double)]
    /// The traffic in words.
    let subject: String
    /// Sentences that a reader must know.
    let notes: [String]

    /// - Parameters:
    ///   - history: at least one trace.
    ///   - share: of each that is held out; 0 for none.
    ///   - measureFrom: seconds.
    init(_ history: [Trace], share: Double, measureFrom: Double) {
        let splits = share > 0 ? history.map { HistorySplit($0, share: share, measureFrom: measureFrom) } : []
        let whole = splits.compactMap { $0 }
        let isSplit = !whole.isEmpty && whole.count == history.count
        searched = isSplit ? whole.map(\.searched) : history
        heldOut = isSplit ? zip(history, whole).map { ($0, $1.heldOutFrom) } : []
        subject = history.enumerated().map { index, trace in
            let length = SplitHistory.length(trace.lastArrival - measureFrom)
            let requests = trace.count - trace.firstIndex(from: measureFrom)
            let head = "\(trace.name): \(grouped(requests)) requests in \(length)"
            return isSplit
                ? "\(head), held out from \(DurationOption(seconds: whole[index].heldOutFrom)) on" : head
        }.joined(separator: "; ")
        let least = DurationOption(seconds: HistorySplit.secondsMin)
        notes =
            share > 0 && !isSplit
            ? [
                "The history is too short to hold a share of \(share) out: each part must last \(least) and have "
                    + "\(grouped(HistorySplit.requestsMin)) requests."
            ] : []
    }

    private static func length(_ seconds: Double) -> String {
        seconds < 6_000 ? "\(fixed(seconds / 60, 0)) min" : "\(fixed(seconds / 3_600, 1)) h"
    }
}
