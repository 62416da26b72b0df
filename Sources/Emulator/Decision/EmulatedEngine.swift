internal import Fleet
internal import Performance
internal import Sampling

/// An engine that makes no text, only its timing: the replica model of the simulator behind requests, tokens, faults and metrics.
///
/// A decision: it has no clock. The shell calls `on` when something happens and when `nextTime` has come, and carries out what is returned.
struct EmulatedEngine: ~Copyable {
    /// A request between its arrival and its end.
    private struct Request {
        var usage: EngineUsage
        var finish: FinishReason
        var outputTokens: Int
        var arrival: Double
        var prefillStart: Double?
        var firstToken = 0.0
        var lastToken = 0.0
        /// The token clock when its first token was out.
        var firstClock = 0.0
    }

    private let options: EmulatorOptions
    private var replica: BatchingReplica
    private var requests: [EngineRequestID: Request] = [:]
    /// Those that have a token and lack some, by the time of their first.
    private var decoding: [EngineRequestID] = []
    private var generator: SeededGenerator
    private var arrivedCount = 0
    private var isDraining = false
    /// Set by a fault: nothing goes on any more.
    private(set) var isHung = false
    private(set) var metrics = EngineMetrics()

    /// An idle engine.
    ///
    /// - Parameters:
    ///   - options: what it imitates.
    ///   - now: the time of its start; the model is loaded after the load delay.
    init(_ options: EmulatorOptions, at now: Instant) {
        precondition(options.speed > 0 && options.faults.slowFactor > 0, "a speed is above zero")
        self.options = options
        readyAt = now + options.loadDelay
        replica = BatchingReplica(profile: options.profile, time: now.seconds)
        replica.setSpeed(options.speed / options.faults.slowFactor, at: now.seconds)
        generator = SeededGenerator(seed: options.seed)
    }

    // MARK: What it says of itself

    /// When the model counts as loaded.
    let readyAt: Instant

    /// When `on(.timer)` is due: at the next event, or at the next iteration of those that decode; nil while nothing is to come.
    var nextTime: Instant? {
        guard !isHung, replica.nextTime < .infinity else { return nil }
        guard replica.decodingCount > 0 else { return Instant(seconds: replica.nextTime) }
        return Instant(seconds: min(replica.nextTime, nextIteration))
    }

    /// Requests that run and wait.
    var requestCount: Int { requests.count }

    /// The gauges at `now`.
    func load(at now: Instant) -> EngineLoad {
        EngineLoad(
            runningCount: replica.runningCount, waitingCount: replica.waitingCount,
            kvShare: min(Double(replica.reservedTokens) / Double(replica.kvTokens), 1))
    }

    // MARK: Events

    /// Takes note of what happened at `now`, and says what is to be done.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: not before the last call's.
    /// - Returns: directives in the order of what they are about; tokens before the end of their answer.
    mutating func on(_ event: EngineEvent, at now: Instant) -> [EngineDirective] {
        guard !isHung else { return [] }
        var directives: [EngineDirective] = []
        catchUp(to: now.seconds, &directives)
        switch event {
        case .request(let id, let request): accept(id, request, at: now, &directives)
        case .departure(let id): remove(id, at: now.seconds)
        case .timer: break
        case .drain: isDraining = true
        }
        notePrefillStart(at: now.seconds)
        scheduleIteration(at: now.seconds)
        if isDraining, requests.isEmpty { directives.append(.drained) }
        return directives
    }

    private mutating func accept(
        _ id: EngineRequestID, _ request: EngineRequest, at now: Instant, _ directives: inout [EngineDirective]
    ) {
        if let error = refusal(of: request, at: now) {
            if error.status >= 500 { metrics.note(.error) }
            return directives.append(.refuse(id, error))
        }
        arrivedCount += 1
        if let limit = options.faults.crashAfter, arrivedCount > limit { return directives.append(.crash) }
        if let limit = options.faults.hangAfter, arrivedCount > limit { return isHung = true }
        if options.faults.errorRate > 0, generator.uniform() < options.faults.errorRate {
            metrics.note(.error)
            return directives.append(.refuse(id, .fault))
        }
        submit(id, request, at: now.seconds)
    }

    private func refusal(of request: EngineRequest, at now: Instant) -> EngineError? {
        if now < readyAt { return .loading }
        if isDraining { return .draining }
        if requests.count >= options.limits.requests { return .overloaded }
        let limit = options.contextTokens
        let output = request.outputTokens ?? 0
        guard request.promptTokens < limit, request.promptTokens + output <= limit else {
            return .contextExceeded(prompt: request.promptTokens, output: output, limit: limit)
        }
        return nil
    }

    private mutating func submit(_ id: EngineRequestID, _ request: EngineRequest, at now: Double) {
        let (output, finish) = outputTokens(of: request)
        let cached = min(request.cachedTokens, request.promptTokens - 1)
        let usage = EngineUsage(promptTokens: request.promptTokens, cachedTokens: cached, outputTokens: 0)
        requests[id] = Request(usage: usage, finish: finish, outputTokens: output, arrival: now)
        replica.submit(
            BatchingReplica.Sequence(
                id: id, promptTokens: UInt32(request.promptTokens),
                uncachedTokens: UInt32(request.promptTokens - cached), outputTokens: UInt32(output), arrival: now),
            at: now)
    }

    /// As many as the request sets; else as drawn, as far as the context holds.
    private mutating func outputTokens(of request: EngineRequest) -> (Int, FinishReason) {
        if let tokens = request.outputTokens { return (tokens, .length) }
        let room = options.contextTokens - request.promptTokens
        if request.ignoresEnd { return (room, .length) }
        let length = options.outputLength
        let drawn =
            length.sigma > 0
            ? generator.lognormal(median: Double(length.median), sigma: length.sigma) : Double(length.median)
        let tokens = Int(min(max(drawn.rounded(), 1), Double(room)))
        return (tokens, tokens < room ? .stop : .length)
    }

    private mutating func remove(_ id: EngineRequestID, at now: Double) {
        guard requests.removeValue(forKey: id) != nil else { return }
        replica.cancel(id, at: now)
        decoding.removeAll { $0 == id }
        metrics.note(.abort)
    }

    // MARK: Time

    /// When those that decode have their next iteration, should no event come before.
    private var nextIteration = Double.infinity

    private mutating func scheduleIteration(at now: Double) {
        guard !decoding.isEmpty else { return nextIteration = .infinity }
        let clock = replica.tokenClock(at: now)
        nextIteration = replica.time(ofTokenClock: (clock + Self.clockTolerance).rounded(.down) + 1)
    }

    /// Carries out all events up to `now`, then hands out the tokens that are due.
    private mutating func catchUp(to now: Double, _ directives: inout [EngineDirective]) {
        while replica.nextTime <= now {
            let time = replica.nextTime
            switch replica.step() {
            case .firstToken(let sequence, let isLast):
                first(sequence.id, isLast: isLast, at: time, &directives)
            case .finished(let sequence):
                finish(sequence.id, at: time, &directives)
            case .preempted, .resumed: preconditionFailure("emulated engines reserve memory for whole answers")
            }
            notePrefillStart(at: time)
        }
        let clock = replica.tokenClock(at: now)
        for id in decoding { handOut(id, upTo: clock, at: now, &directives) }
    }

    private mutating func first(
        _ id: EngineRequestID, isLast: Bool, at time: Double, _ directives: inout [EngineDirective]
    ) {
        guard var request = requests[id] else { return }
        request.firstClock = replica.tokenClock(at: time)
        request.firstToken = time
        request.lastToken = time
        request.usage.outputTokens = 1
        requests[id] = request
        metrics.noteFirstToken(seconds: time - request.arrival, promptTokens: request.usage.promptTokens)
        directives.append(.tokens(id, count: 1))
        if isLast { return finish(id, at: time, &directives) }
        decoding.append(id)
    }

    private mutating func finish(_ id: EngineRequestID, at time: Double, _ directives: inout [EngineDirective]) {
        decoding.removeAll { $0 == id }
        guard var request = requests.removeValue(forKey: id) else { return }
        emit(id, &request, total: request.outputTokens, at: time, &directives)
        metrics.note(request.finish)
        metrics.note(
            EngineMetrics.Life(
                arrival: request.arrival, prefillStart: request.prefillStart ?? request.arrival,
                firstToken: request.firstToken, end: time, usage: request.usage))
        directives.append(.finish(id, request.finish, request.usage))
    }

    /// The tokens whose iteration is over. The last one is left to the event that ends the sequence.
    private mutating func handOut(
        _ id: EngineRequestID, upTo clock: Double, at now: Double, _ directives: inout [EngineDirective]
    ) {
        guard var request = requests[id] else { return }
        let done = 1 + Int((clock - request.firstClock + Self.clockTolerance).rounded(.down))
        emit(id, &request, total: min(done, request.outputTokens - 1), at: now, &directives)
        requests[id] = request
    }

    private mutating func emit(
        _ id: EngineRequestID, _ request: inout Request, total: Int, at now: Double,
        _ directives: inout [EngineDirective]
    ) {
        let count = total - request.usage.outputTokens
        guard count > 0 else { return }
        metrics.noteTokens(count, secondsEach: (now - request.lastToken) / Double(count))
        request.usage.outputTokens = total
        request.lastToken = now
        directives.append(.tokens(id, count: count))
    }

    private mutating func notePrefillStart(at now: Double) {
        guard let head = replica.prefillHead, requests[head.id]?.prefillStart == nil else { return }
        requests[head.id]?.prefillStart = now
    }

    /// Iterations; what rounding leaves of a clock that should be whole.
    private static let clockTolerance = 1e-6
}

/// What an engine holds at one instant.
struct EngineLoad: Hashable, Sendable {
    /// Admitted and unfinished, waiting for prefill included.
    var runningCount: Int
    /// Not admitted yet.
    var waitingCount: Int
    /// Memory for context that is reserved, from 0 to 1.
    var kvShare: Double
}
