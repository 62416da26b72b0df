internal import NIOCore

/// Follows one answer from its first byte to its last. Times are seconds from when the request was due.
struct AnswerReader {
    /// Of a whole answer so much is kept, to find its token counts.
    static let bodyBytesMax = 16 << 20

    private var status = 0
    private var stream: EventStreamReader?
    private var body: [UInt8] = []
    private var firstToken: Double?
    private var lastToken = 0.0

    /// Whether any part of the answer came.
    var hasBegun: Bool { status != 0 }

    private var isSuccess: Bool { (200..<300).contains(status) }

    /// The head of the answer came.
    mutating func begin(status: Int, isEventStream: Bool) {
        self.status = status
        if isEventStream, isSuccess { stream = EventStreamReader() }
    }

    /// A part of the body came.
    mutating func feed(_ buffer: ByteBuffer, at seconds: Double) {
        guard isSuccess else { return }
        if stream != nil {
            guard let texts = stream?.feed(buffer), texts > 0 else { return }
            firstToken = firstToken ?? seconds
            lastToken = seconds
        } else if body.count + buffer.readableBytes <= Self.bodyBytesMax {
            body.append(contentsOf: buffer.readableBytesView)
        }
    }

    /// The answer ended.
    ///
    /// - Returns: what it was, and what was measured of it when it was whole.
    func end(at seconds: Double) -> (outcome: RequestOutcome, times: AnswerTimes?) {
        guard isSuccess else { return (.status(status), nil) }
        guard let stream else { return (.answered, wholeTimes(at: seconds)) }
        if let failure = stream.failure { return (failure, nil) }
        guard stream.isDone else { return (.cut, nil) }
        let tokens = max(stream.completionTokens ?? 0, stream.textEvents)
        guard tokens > 0 else { return (.malformed, nil) }
        let times = AnswerTimes(
            firstToken: firstToken ?? seconds, lastToken: max(lastToken, firstToken ?? seconds), end: seconds,
            outputTokens: tokens)
        return (.answered, times)
    }

    /// All tokens came at once.
    private func wholeTimes(at seconds: Double) -> AnswerTimes {
        let tokens = body.withUnsafeBytes { $0.number(of: "\"completion_tokens\"") } ?? 0
        return AnswerTimes(firstToken: seconds, lastToken: seconds, end: seconds, outputTokens: tokens)
    }
}
