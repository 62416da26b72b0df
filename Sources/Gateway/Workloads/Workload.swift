internal import Configuration
internal import Fleet
internal import Link
internal import Synchronization

/// A workload at the gateway: the shell around its decisions. Takes the lock, asks, releases, acts.
final class Workload: Sendable {
    let id: String
    private let state: Mutex<WorkloadState>
    private let onMessage: @Sendable (GatewayMessage) -> Void

    init(
        settings: WorkloadSettings, admission: WorkloadAdmission,
        onMessage: @escaping @Sendable (GatewayMessage) -> Void
    ) {
        id = settings.id.description
        self.onMessage = onMessage
        state = Mutex(WorkloadState(settings: settings, admission: admission))
    }

    func submit(_ exchange: Exchange, affinity: UInt64?) -> Submission {
        decide { $0.submit(exchange, affinity: affinity, at: $1, effects: &$2) }
    }

    func onFirstByte(_ exchange: Exchange) {
        decide { $0.onFirstByte(exchange, at: $1, effects: &$2) }
    }

    func release(_ exchange: Exchange, _ verdict: ReplicaVerdict) {
        decide { $0.release(exchange, verdict, at: $1, effects: &$2) }
    }

    func retry(_ exchange: Exchange, _ verdict: ReplicaVerdict) -> Submission? {
        decide { $0.retry(exchange, verdict, at: $1, effects: &$2) }
    }

    func withdraw(_ exchange: Exchange) -> Bool {
        decide { $0.withdraw(exchange, at: $1, effects: &$2) }
    }

    /// Releases the request and counts how it ended, at once.
    func finish(_ exchange: Exchange, _ verdict: ReplicaVerdict, _ outcome: ExchangeOutcome) {
        decide { state, now, effects in
            state.count(outcome, at: now)
            state.release(exchange, verdict, at: now, effects: &effects)
        }
    }

    func apply(_ update: FleetUpdate) {
        decide { $0.apply(update, at: $1, effects: &$2) }
    }

    func drainOne() {
        decide { state, _, effects in state.drainOne(effects: &effects) }
    }

    func onTick() {
        decide { $0.onTick(at: $1, effects: &$2) }
    }

    /// Takes changed settings. A workload that had been removed is back.
    func reconfigure(_ settings: WorkloadSettings, admission: WorkloadAdmission?) {
        decide { $0.reconfigure(settings, admission: admission, at: $1, effects: &$2) }
    }

    /// The configuration has it no more.
    func retire() {
        decide { state, _, effects in state.retire(effects: &effects) }
    }

    /// Removed, and nothing is left of it.
    var isSpent: Bool { state.withLock { $0.isSpent } }

    /// A controller has connected: it gets what it may have missed.
    func introduce() {
        decide { state, now, effects in
            effects.messages.append(.sample(state.sample(at: now)))
            state.repeatDrained(effects: &effects)
        }
    }

    func fleet() -> FleetUpdate { state.withLock { $0.fleet() } }

    /// Reads figures for the metrics page.
    func read<Result: Sendable>(_ body: (borrowing WorkloadState) -> Result) -> Result { state.withLock { body($0) } }

    /// The one place where the lock is taken to decide; effects are carried out behind it.
    private func decide<Result: Sendable>(
        _ body: (inout WorkloadState, _ now: Double, _ effects: inout RoutingEffects) -> Result
    ) -> Result {
        let now = Clock.seconds
        var effects = RoutingEffects()
        let result = state.withLock { body(&$0, now, &effects) }
        for (exchange, replica) in effects.placed { exchange.onPlaced(replica) }
        for exchange in effects.refused { exchange.onRetired() }
        for message in effects.messages { onMessage(Clock.dated(message)) }
        return result
    }
}
