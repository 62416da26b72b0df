internal import Configuration
internal import Fleet
internal import NIOCore
internal import Routing
internal import Synchronization

/// One request, from the last byte that the client sent of it to the last byte that the client gets.
///
/// It lives on the loop of its client's connection, except for the part that belongs to the workload's lock.
final class Exchange: @unchecked Sendable {
    private enum State {
        /// In the workload's queue. Ends with a replica, a deadline, or the client.
        case waiting
        /// A connection is being opened. Ends with it, or its failure.
        case connecting
        /// The request is on its way. Ends with the first byte of the answer's body, or the replica's failure.
        case sent
        /// Part of the answer went to the client: no way back. Ends with the answer.
        case answering
        case over
    }

    let client: ClientConnection
    let workload: Workload
    let loop: LoopContext
    let requestID: String
    let bodyBytes: Int
    let outputTokenLimit: Int?
    let isHEAD: Bool
    /// The client speaks HTTP/1.1, so that it understands chunks.
    let isModern: Bool
    private let arrivalTime = Clock.seconds
    private let queueDeadline: NIODeadline
    /// The head and, if it is small, the body; kept until the answer begins.
    private var request: ByteBuffer?
    private var body: ByteBuffer?

    private var state = State.waiting
    private var upstream: UpstreamConnection?
    private var firstContentTime: Double?
    private var lastContentTime = 0.0
    /// When the last bytes came from the replica.
    private var progressTime = NIODeadline.now()
    private var bytesToClient = 0
    private(set) var status = 0
    /// The replica that had it last, for the log.
    private var replicaNumber: Int?

    // MARK: Under the lock of the workload

    var claim = RequestClaim(id: 0, promptTokens: 0, uncachedTokens: 0, reservedTokens: 0, prefillTicks: 0)
    var promptTokens = 0
    var held: Replica?
    var isPrefilled = false
    /// Numbers of replicas that failed it.
    var excluded: [Int] = []
    var retries = 0
    /// When a request that failed everywhere may be tried again.
    var retryTime = 0.0

    init(
        client: ClientConnection, route: Route, request: ByteBuffer, body: ByteBuffer?, traits: ExchangeTraits
    ) {
        self.client = client
        workload = route.workload
        self.request = request
        self.body = body
        loop = client.loop
        requestID = traits.requestID
        bodyBytes = traits.bodyBytes
        outputTokenLimit = traits.outputTokenLimit
        isHEAD = traits.isHEAD
        isModern = traits.isModern
        queueDeadline = .now() + TimeAmount(route.settings.queue.deadline)
    }

    // MARK: Way to a replica

    func begin(affinity: UInt64?) { follow(workload.submit(self, affinity: affinity)) }

    private func follow(_ submission: Submission) {
        switch submission {
        case .placed(let replica): connect(to: replica, mayReuse: true)
        case .waits:
            state = .waiting
            client.deadline = queueDeadline
        case .refused(let refusal): refuse(refusal, .nothing)
        }
    }

    /// The request waited, and a replica takes it now. Called from any loop.
    func onPlaced(_ replica: Replica) {
        guard loop.eventLoop.inEventLoop else {
            return loop.eventLoop.execute { self.onPlaced(replica) }
        }
        if case .over = state { return workload.release(self, .nothing) }
        connect(to: replica, mayReuse: true)
    }

    private func connect(to replica: Replica, mayReuse: Bool) {
        client.deadline = .now() + TimeAmount(loop.table.settings.firstByteDeadline)
        replicaNumber = replica.number
        if mayReuse, let connection = loop.takeIdle(replica) {
            send(on: connection)
        } else {
            state = .connecting
            UpstreamConnection.open(replica, loop: loop) { connection in self.onConnected(connection) }
        }
    }

    private func onConnected(_ connection: UpstreamConnection?) {
        guard case .connecting = state else {
            if let connection { loop.putIdle(connection) }
            return
        }
        if let connection { send(on: connection) } else { onFailure(.upstreamFailed) }
    }

    private func send(on connection: UpstreamConnection) {
        guard let request else { preconditionFailure("a request is sent after its answer began") }
        state = .sent
        upstream = connection
        connection.send(self, request, body)
    }

    // MARK: The answer

    /// The replica failed before the first byte of its answer's body.
    private func onFailure(_ refusal: Refusal) {
        upstream = nil
        if let submission = workload.retry(self, .failed(refusal)) {
            follow(submission)
        } else {
            refuse(refusal, .failed(refusal))
        }
    }

    /// The head of an answer is there. False when another replica was given the request, so that this answer is not wanted.
    func onHead(_ head: ResponseHead) -> Bool {
        status = head.status
        if loop.gateway.isStopping.load(ordering: .relaxed) { client.keepsAlive = false }
        guard head.status == 502 || head.status == 503 || head.status == 504 else { return true }
        guard let submission = workload.retry(self, .failed(.upstreamFailed)) else { return true }
        upstream = nil
        follow(submission)
        return false
    }

    /// Bytes for the client: the answer goes through now.
    func deliver(_ bytes: ByteBuffer) {
        if case .sent = state { onFirstByte() }
        bytesToClient += bytes.readableBytes
        client.write(bytes)
    }

    private func onFirstByte() {
        state = .answering
        releaseRequest()
        workload.onFirstByte(self)
    }

    /// A read brought content: an event of a stream, or part of another answer.
    func onContent() {
        let now = Clock.seconds(progressTime)
        if firstContentTime == nil { firstContentTime = now }
        lastContentTime = now
    }

    /// Any byte from the replica is progress.
    func onProgress() {
        progressTime = .now()
        client.deadline = progressTime + loop.progressLimit
    }

    /// The connection is gone, or said something that is no HTTP, before the answer's end.
    ///
    /// - Parameters:
    ///   - refusal: what happened.
    ///   - isStale: a connection that was used before closed without a byte: it was closed while the request was on its way.
    func onUpstreamGone(_ refusal: Refusal, isStale: Bool) {
        switch state {
        case .sent:
            upstream = nil
            if isStale, let replica = held {
                connect(to: replica, mayReuse: false)
            } else {
                onFailure(refusal)
            }
        case .answering:
            upstream = nil
            finish(.failed(.upstreamCut), .upstreamCut, AnswerTokens())
            client.close()
        case .waiting, .connecting, .over: break
        }
    }

    /// The last byte of the answer went to the client.
    func onComplete(_ tokens: AnswerTokens) {
        upstream = nil
        let isFailure = status == 502 || status == 503 || status == 504
        finish(isFailure ? .failed(.upstreamFailed) : .answered, nil, tokens)
        client.onAnswered()
    }

    // MARK: Other ends

    /// The client is gone: nobody wants the answer.
    func cancel(_ refusal: Refusal = .clientGone) {
        if case .over = state { return }
        // When it waits no more, a replica was given to it this instant: `finish` gives it back.
        if case .waiting = state { _ = workload.withdraw(self) }
        upstream?.abandon()
        upstream = nil
        // A client that does not read is not its replica's failure.
        let isReplicasFault = refusal == .progressDeadline && client.isWritable
        finish(isReplicasFault ? .failed(refusal) : .nothing, refusal, AnswerTokens())
    }

    /// The time of the present state is over.
    func onDeadline() {
        switch state {
        case .waiting:
            if workload.withdraw(self) { refuse(.queueDeadline, .nothing) }
        case .connecting, .sent:
            upstream?.abandon()
            upstream = nil
            refuse(.firstByteDeadline, .failed(.firstByteDeadline))
        case .answering:
            cancel(.progressDeadline)
            client.close()
        case .over: break
        }
    }

    private func refuse(_ refusal: Refusal, _ verdict: ReplicaVerdict) {
        status = refusal.status
        finish(verdict, refusal, AnswerTokens())
        client.refuse(refusal, of: self)
    }

    /// The request waited, and its workload was removed. Called from any loop.
    func onRetired() {
        guard loop.eventLoop.inEventLoop else { return loop.eventLoop.execute { self.onRetired() } }
        if case .waiting = state { refuse(.unknownModel, .nothing) }
    }

    /// Whether the client wants more bytes at present.
    func setReading(_ isReading: Bool) { upstream?.setReading(isReading) }

    private func releaseRequest() {
        request = nil
        body = nil
        client.releaseBody()
    }

    private func finish(_ verdict: ReplicaVerdict, _ refusal: Refusal?, _ tokens: AnswerTokens) {
        state = .over
        releaseRequest()
        var outcome = ExchangeOutcome(status: refusal?.status ?? status, refusal: refusal)
        outcome.durationSeconds = Clock.seconds - arrivalTime
        outcome.bodyBytes = bodyBytes
        outcome.statedPromptTokens = tokens.prompt
        outcome.promptTokens = tokens.prompt ?? promptTokens
        outcome.outputTokens = tokens.output
        if let first = firstContentTime, tokens.events > 0 {
            outcome.firstTokenSeconds = first - arrivalTime
            if tokens.events > 1 { outcome.interTokenSeconds = (lastContentTime - first) / Double(tokens.events - 1) }
        }
        workload.finish(self, verdict, outcome)
        client.log(outcome, of: self, replica: replicaNumber, bytes: bytesToClient)
    }
}

/// What is known of a request besides its bytes.
struct ExchangeTraits {
    var requestID: String
    var bodyBytes: Int
    var outputTokenLimit: Int?
    var isHEAD: Bool
    var isModern: Bool
}

/// Tokens of an answer.
struct AnswerTokens {
    /// As the engine stated them.
    var prompt: Int?
    /// As the engine stated them, else the events of a stream.
    var output = 0
    /// Events of a stream; none for an answer that came whole.
    var events = 0
}
