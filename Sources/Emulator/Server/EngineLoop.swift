internal import Fleet
internal import Foundation
internal import NIOCore

/// The shell around the engine: owns its clock, its timer and its connections. Lives on one event loop, and is touched on no other thread.
final class EngineLoop {
    let options: EmulatorOptions
    private let loop: any EventLoop
    private let start = NIODeadline.now()
    private let crash: @Sendable () -> Void
    private var engine: EmulatedEngine
    private var connections: [ObjectIdentifier: EngineConnection] = [:]
    /// Who gets the tokens of a request.
    private var owners: [EngineRequestID: EngineConnection] = [:]
    private var lastID: EngineRequestID = 0
    private var timer: Scheduled<Void>?
    private var timerTime: Instant?
    private(set) var isDraining = false
    private var isDrained = false
    /// Called once when a drain is over and the last connection is closed.
    private var onEnd: (() -> Void)?

    init(_ options: EmulatorOptions, on loop: any EventLoop, crash: @escaping @Sendable () -> Void) {
        self.options = options
        self.loop = loop
        self.crash = crash
        engine = EmulatedEngine(options, at: Instant(seconds: 0))
    }

    private var now: Instant {
        Instant(seconds: Double((NIODeadline.now() - start).nanoseconds) * 1e-9)
    }

    // MARK: What it says of itself

    var isReady: Bool { now >= engine.readyAt && !isDraining }
    var isHung: Bool { engine.isHung }
    let created = Int(Date().timeIntervalSince1970)

    func metricsPage() -> String {
        engine.metrics.page(engine.load(at: now), modelName: options.modelName)
    }

    // MARK: Connections

    /// False when there are too many.
    func opened(_ connection: EngineConnection) -> Bool {
        guard connections.count < options.limits.connections else { return false }
        connections[ObjectIdentifier(connection)] = connection
        return true
    }

    func closed(_ connection: EngineConnection) {
        connections[ObjectIdentifier(connection)] = nil
        endIfDrained()
    }

    /// Hands a request to the engine.
    ///
    /// - Returns: its name, under which the connection will be told of tokens, its end or its refusal: perhaps before this returns.
    func submit(_ request: EngineRequest, for connection: EngineConnection, named: (EngineRequestID) -> Void) {
        lastID &+= 1
        let id = lastID
        owners[id] = connection
        named(id)
        tell(.request(id, request))
    }

    /// The client of a request has gone.
    func depart(_ id: EngineRequestID) {
        guard owners.removeValue(forKey: id) != nil else { return }
        tell(.departure(id))
    }

    // MARK: Draining

    /// Takes nothing new, finishes what runs, then closes all connections.
    ///
    /// - Parameter onEnd: called once, when the last connection is closed.
    func drain(onEnd: @escaping () -> Void) {
        guard !isDraining else { return }
        isDraining = true
        self.onEnd = onEnd
        for connection in Array(connections.values) { connection.closeIfIdle() }
        tell(.drain)
        endIfDrained()
    }

    /// Closes all connections, whatever runs.
    func closeAll() {
        timer?.cancel()
        for connection in Array(connections.values) { connection.close() }
    }

    /// The last answer is made; what is still being sent or received is no reason to stay, but for answers on their way out.
    private func noteDrained() {
        isDrained = true
        for connection in Array(connections.values) { connection.closeUnlessAnswering() }
        endIfDrained()
    }

    private func endIfDrained() {
        guard isDrained, connections.isEmpty, let onEnd else { return }
        self.onEnd = nil
        onEnd()
    }

    // MARK: Asking the engine

    /// The one place where the engine is asked and what it wants is done.
    private func tell(_ event: EngineEvent) {
        let directives = engine.on(event, at: now)
        for directive in directives { carryOut(directive) }
        for case .tokens(let id, _) in directives { owners[id]?.flushTokens() }
        scheduleTimer()
    }

    private func carryOut(_ directive: EngineDirective) {
        switch directive {
        case .tokens(let id, let count): owners[id]?.addTokens(count)
        case .finish(let id, let reason, let usage): owners.removeValue(forKey: id)?.finish(reason, usage)
        case .refuse(let id, let error): owners.removeValue(forKey: id)?.refuse(error)
        case .crash: crash()
        case .drained: noteDrained()
        }
    }

    private func scheduleTimer() {
        let next = engine.nextTime
        guard next != timerTime else { return }
        timer?.cancel()
        timer = nil
        timerTime = next
        guard let next else { return }
        // Rounded up, so that the time has come when the timer fires.
        let deadline = start + .nanoseconds(Int64((next.seconds * 1e9).rounded(.up)))
        timer = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timerTime = nil
            self.tell(.timer)
        }
    }
}
