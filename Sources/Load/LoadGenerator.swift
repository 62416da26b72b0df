internal import Fleet
internal import NIOCore

/// Sends each request when it is due, whatever became of those before it, and keeps count. Lives on one event loop.
final class LoadGenerator {
    /// Requests sent in one turn of the event loop at most, so that answers are read in between.
    static let sendsPerTurnMax = 64
    /// Between looks for requests that took too long.
    static let sweepInterval = TimeAmount.milliseconds(20)
    /// After a stop, requests in flight have so long to finish.
    static let stopGrace = TimeAmount.seconds(5)

    private let plan: LoadPlan
    private let eventLoop: any EventLoop
    private let writer: RequestWriter
    /// When the traces' time zero is.
    private let origin: NIODeadline
    private let timeout: TimeAmount
    private let whenDone: () -> Void
    private var schedule: LoadSchedule
    private var pool: ConnectionPool
    /// All exchanges that began and have not been swept, oldest first.
    private var exchanges: CircularBuffer<Exchange> = []
    private var inFlightCount = 0
    private var isStopping = false
    private var isDone = false
    private var timer: Scheduled<Void>?

    private(set) var tallies: [WorkloadTally]
    private(set) var lag = LatencyHistogram()
    private(set) var inFlightMax = 0

    /// - Parameters:
    ///   - plan: what to send.
    ///   - eventLoop: on which all of this happens.
    ///   - address: of the server.
    ///   - origin: when the traces' time zero is.
    ///   - whenDone: called once, when nothing is left to send or to wait for.
    init(
        _ plan: LoadPlan, eventLoop: any EventLoop, address: SocketAddress, origin: NIODeadline,
        whenDone: @escaping () -> Void
    ) {
        self.plan = plan
        self.eventLoop = eventLoop
        self.origin = origin
        self.whenDone = whenDone
        writer = RequestWriter(plan)
        timeout = .nanoseconds(Int64(plan.timeout.seconds * 1e9))
        schedule = LoadSchedule(plan, origin: origin)
        pool = ConnectionPool(eventLoop: eventLoop, address: address)
        tallies = plan.workloads.map { WorkloadTally(judge: $0.objective.map(AnswerJudge.init)) }
    }

    var connectionCount: Int { pool.openedCount }
    var wasStopped: Bool { isStopping }

    var progress: LoadProgress {
        LoadProgress(
            seconds: Double((NIODeadline.now() - origin).nanoseconds) * 1e-9,
            workloads: zip(plan.workloads, tallies).map { workload, tally in
                LoadProgress.Workload(
                    model: workload.model, sent: tally.sent, inFlight: tally.inFlight, finished: tally.finished,
                    good: tally.good, attainment: tally.attainment, ttftP99: tally.ttft.quantile(0.99))
            })
    }

    /// Begins; called once.
    func start() {
        sweep()
        sendDue()
    }

    /// Sends nothing more. What is in flight has five seconds to finish; a second call cuts it at once.
    func stop() {
        guard !isDone else { return }
        if isStopping { return cut() }
        isStopping = true
        timer?.cancel()
        eventLoop.assumeIsolated().scheduleTask(in: Self.stopGrace) { self.cut() }
        finishIfDone()
    }

    // MARK: Sending

    private func sendDue() {
        var sends = 0
        while let request = schedule.next, !isStopping {
            guard request.due <= .now() else { return sendNext(at: request.due) }
            guard sends < Self.sendsPerTurnMax else { return sendNext(at: .now()) }
            sends += 1
            schedule.advance()
            send(request)
        }
        finishIfDone()
    }

    private func sendNext(at deadline: NIODeadline) {
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.sendDue() }
    }

    private func send(_ request: PlannedRequest) {
        tallies[request.workload].begin(request)
        guard inFlightCount < plan.concurrencyLimit else {
            return tallies[request.workload].end(request, .overLimit, nil)
        }
        inFlightCount += 1
        inFlightMax = max(inFlightMax, inFlightCount)
        let exchange = Exchange(request)
        exchanges.append(exchange)
        lag.record(exchange.seconds)
        if let connection = pool.take() {
            connection.send(writer.message(for: request), for: exchange)
        } else {
            pool.open(for: self) { self.opened($0, for: exchange) }
        }
    }

    private func opened(_ result: Result<LoadConnection, any Error>, for exchange: Exchange) {
        switch result {
        case .failure: end(exchange, .connectFailed)
        case .success(let connection) where exchange.isOver: release(connection)
        case .success(let connection): connection.send(writer.message(for: exchange.request), for: exchange)
        }
    }

    // MARK: Ending

    /// A connection has nothing to do.
    func release(_ connection: LoadConnection) { pool.put(connection) }

    /// An exchange's outcome is known. Only the first counts.
    func end(_ exchange: Exchange, _ outcome: RequestOutcome, _ times: AnswerTimes? = nil) {
        guard !exchange.isOver else { return }
        exchange.isOver = true
        inFlightCount -= 1
        tallies[exchange.request.workload].end(exchange.request, outcome, times)
        finishIfDone()
    }

    /// Ends an exchange whose connection is of no use any more.
    private func abandon(_ exchange: Exchange, _ outcome: RequestOutcome) {
        exchange.connection?.close()
        exchange.connection = nil
        end(exchange, outcome)
    }

    /// Ends the requests that took too long. All have the same time, so the oldest are the first.
    private func sweep() {
        guard !isDone else { return }
        let oldest = NIODeadline.now() - timeout
        while let exchange = exchanges.first, exchange.isOver || exchange.request.due <= oldest {
            exchanges.removeFirst()
            abandon(exchange, .timedOut)
        }
        eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { self.sweep() }
    }

    private func cut() {
        for exchange in exchanges where !exchange.isOver { abandon(exchange, .stopped) }
    }

    private func finishIfDone() {
        guard !isDone, inFlightCount == 0, isStopping || schedule.next == nil else { return }
        isDone = true
        whenDone()
    }
}
