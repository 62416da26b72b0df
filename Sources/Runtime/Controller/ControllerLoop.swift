internal import Control
package import Fleet
package import Link
package import Logging
internal import Synchronization

/// The daemon's shell around `FleetController`: takes what happens from one bounded queue, asks, and carries out what comes
/// back, one after the other.
package final class ControllerLoop: Sendable {
    /// Inputs that wait at most. More than these come only when the disk or the actuator stands still.
    static let queueLimit = 100_000

    /// What the loop acts through.
    package struct Ports: Sendable {
        package var actuator: any Actuator
        package var tellGateway: @Sendable (ControllerMessage) -> Void
        package var now: @Sendable () -> Instant

        package init(
            actuator: any Actuator, tellGateway: @escaping @Sendable (ControllerMessage) -> Void,
            now: @escaping @Sendable () -> Instant
        ) {
            self.actuator = actuator
            self.tellGateway = tellGateway
            self.now = now
        }
    }

    private enum Item: Sendable {
        case input(ControllerInput)
        case question(processID: Int32, startedAt: Instant, @Sendable (ControllerStatus) -> Void)
    }

    private let ports: Ports
    private let logger: Logger
    private let items: AsyncStream<Item>
    private let queue: AsyncStream<Item>.Continuation

    /// - Parameters:
    ///   - ports: what it acts through.
    ///   - logger: for state changes.
    package init(ports: Ports, logger: Logger) {
        self.ports = ports
        self.logger = logger
        (items, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(ControllerLoop.queueLimit))
    }

    /// Hands an input over; from any thread, never waits.
    package func send(_ input: ControllerInput) {
        if case .dropped = queue.yield(.input(input)) {
            logger.error("The controller's queue is full: an event is lost")
        }
    }

    /// Asks how the controller stands; answered between two inputs.
    package func ask(
        processID: Int32, startedAt: Instant, _ answer: @escaping @Sendable (ControllerStatus) -> Void
    ) {
        _ = queue.yield(.question(processID: processID, startedAt: startedAt, answer))
    }

    /// Takes over what runs, and controls it until everything is stopped.
    ///
    /// - Parameters:
    ///   - fleet: the workloads.
    ///   - journal: open, and nobody else's.
    ///   - decisions: where decisions are written.
    ///   - learned: where what was learned is kept.
    /// - Throws: `JournalError` when an order cannot be written down: then it is not carried out, and the controller ends
    ///   with its replicas running, for the next one to adopt.
    package func run(
        _ fleet: FleetController, journal: Journal, decisions: DecisionLog, learned: LearnedFiles
    ) async throws {
        var state = LoopState(fleet: fleet, journal: journal, decisions: decisions, learned: learned)
        ports.actuator.report { [weak self] in self?.send(.outcome($0)) }
        let known = state.journal.state.replicas.sorted { $0.key < $1.key }.compactMap(\.value.record)
        let running = ports.actuator.adopt(known)
        let first = state.fleet.begin(
            journal: state.journal.state, learned: learned.all(), running: running, at: ports.now())
        try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            var isFinished = try carryOut(first, &state, &group)
            for await item in items where !isFinished {
                switch item {
                case .input(let input):
                    isFinished = try carryOut(state.fleet.on(input, at: ports.now()), &state, &group)
                case .question(let processID, let startedAt, let answer):
                    answer(state.fleet.status(processID: processID, startedAt: startedAt))
                }
                if isFinished { break }
            }
        }
    }
}

/// What only the loop's own task touches.
private struct LoopState {
    var fleet: FleetController
    let journal: Journal
    let decisions: DecisionLog
    let learned: LearnedFiles
}

extension ControllerLoop {
    /// - Returns: whether the controller may end.
    private func carryOut(
        _ effects: [ControllerEffect], _ state: inout LoopState, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) throws -> Bool {
        var isFinished = false
        var entries = EntryBatch()
        for effect in effects {
            if case .journal(let entry, let isOrder) = effect {
                entries.append(entry, isOrder: isOrder)
                continue
            }
            if effect.waitsForJournal { try entries.write(to: state.journal) }
            switch effect {
            case .journal: break
            case .tellGateway(let message): ports.tellGateway(message)
            case .start(let order): ports.actuator.start(order)
            case .cancel(let name): ports.actuator.cancel(name)
            case .stop(let name, let deadline): ports.actuator.stop(name, deadline: deadline)
            case .schedule(let timer, let instant): schedule(timer, at: instant, &group)
            case .decided(let decision): note(decision, state.decisions)
            case .learned(let id, let bytes): state.learned.keep(bytes, of: id)
            case .notice(let notice): logger.log(notice)
            case .finished: isFinished = true
            }
        }
        try entries.write(to: state.journal)
        return isFinished
    }

    /// Each timer is a task that the group cancels at the end. A timer that was replaced fires too and is ignored.
    private func schedule(
        _ timer: ControllerTimer, at instant: Instant, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) {
        let wait = max(instant.seconds(since: ports.now()), 0)
        group.addTask { [self] in
            do {
                try await Task.sleep(for: .seconds(wait), tolerance: .milliseconds(5))
                send(.timer(timer))
            } catch {
                // Cancelled: the loop has ended.
            }
        }
    }

    private func note(_ decision: DecidedRecord, _ log: DecisionLog) {
        log.append(decision)
        let record = decision.record
        guard record.desired != record.current else { return }
        logger.info(
            decision.isActedOn ? "Decided" : "Decided, and not done",
            metadata: [
                "workload": "\(decision.workload)", "desired": "\(record.desired)", "current": "\(record.current)",
                "ready": "\(record.ready)", "reason": "\(record.reason.rawValue)",
            ])
    }
}

/// Journal entries that are written together, before the first effect that rests on them.
private struct EntryBatch {
    private var entries: [JournalEntry] = []
    private var isDurable = false

    mutating func append(_ entry: JournalEntry, isOrder: Bool) {
        entries.append(entry)
        isDurable = isDurable || isOrder
    }

    mutating func write(to journal: Journal) throws(JournalError) {
        try journal.append(entries, isDurable: isDurable)
        self = EntryBatch()
    }
}

extension ControllerEffect {
    /// Whether somebody else learns of it: then what it rests on is written down first.
    fileprivate var waitsForJournal: Bool {
        switch self {
        case .start, .cancel, .stop, .tellGateway: true
        case .journal, .schedule, .decided, .learned, .notice, .finished: false
        }
    }
}

extension Logger {
    fileprivate func log(_ notice: Notice) {
        var metadata: Logger.Metadata = [:]
        if let workload = notice.workload { metadata["workload"] = "\(workload)" }
        if let replica = notice.replica { metadata["replica"] = "\(replica.replica.number)" }
        if let detail = notice.detail { metadata["detail"] = "\(detail)" }
        let level: Logger.Level =
            switch notice.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        log(level: level, "\(notice.text)", metadata: metadata)
    }
}
