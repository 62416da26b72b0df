internal import Configuration
internal import Fleet
internal import Foundation
internal import Glibc
internal import Logging
internal import Runtime

/// All replicas of one controller. Belongs to one thread: it asks each replica's life what to do, and does it.
struct Supervision {
    typealias Report = @Sendable (ActuatorOutcome?, [ReplicaRecord]) -> Void

    /// One replica, with what of it exists.
    struct Member {
        var record: ProcessRecord
        var life: ReplicaLife
        /// What it is made of; nil for one that was adopted.
        var settings: ProcessSettings?
        var process: WatchedProcess?
        var probe: ReadinessProbe?

        var name: ReplicaName { record.name }
    }

    let store: ReplicaStore
    let host: ControlGroupHost
    let logger: Logger
    let report: Report
    let logs = LogKeeper()
    var variants: [VariantKey: VariantSettings] = [:]
    var ledger: AcceleratorLedger
    var ports: PortAllocator
    var members: [ReplicaName: Member] = [:]
    private var logsDueAt = 0.0

    /// Logs are looked at so often, in seconds.
    static let logInterval = 0.5
    /// How often processes without a descriptor are looked at, in seconds.
    static let lookInterval = 0.01

    /// Variants are named within their workload.
    struct VariantKey: Hashable {
        var workload: WorkloadID
        var variant: VariantID
    }

    init(
        store: ReplicaStore, host: ControlGroupHost, workloads: [WorkloadSettings], pools: [NodePoolSettings],
        logger: Logger, report: @escaping Report
    ) {
        self.store = store
        self.host = host
        self.logger = logger
        self.report = report
        ledger = AcceleratorLedger(pools)
        // Controllers side by side begin at different ports.
        ports = PortAllocator(first: Int(store.identifier.prefix(6), radix: 16) ?? 0)
        configure(workloads, pools)
    }

    /// Carries out what was handed over.
    mutating func take(_ given: SupervisionInbox) {
        if let configuration = given.configuration { configure(configuration.workloads, configuration.pools) }
        if let adoption = given.adoption {
            adopt(adoption.records)
            adoption.done()
        }
        for order in given.orders {
            switch order {
            case .start(let order, let orderedAt, let orderedAtSeconds):
                start(order, orderedAt: orderedAt, orderedAtSeconds: orderedAtSeconds)
            case .cancel(let name): give(.cancelOrdered, to: name)
            case .stop(let name, let deadline): give(.stopOrdered(deadline: deadline), to: name)
            }
        }
    }

    /// Waits until something happens or is due, and sees to it.
    mutating func wait(_ bell: SupervisionBell) {
        passTime()
        var watched: [(name: ReplicaName, isProcess: Bool)] = []
        var entries = [pollfd(fd: bell.listening.number, events: Int16(POLLIN), revents: 0)]
        for member in members.values.sorted(by: { $0.name < $1.name }) {
            if let descriptor = member.process?.descriptor {
                watched.append((member.name, true))
                entries.append(pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0))
            }
            if let probe = member.probe {
                watched.append((member.name, false))
                entries.append(pollfd(fd: probe.socket.number, events: probe.events, revents: 0))
            }
        }
        guard poll(&entries, nfds_t(entries.count), pollTimeout()) > 0 else { return }
        if entries[0].revents != 0 { bell.silence() }
        for (entry, what) in zip(entries.dropFirst(), watched) where entry.revents != 0 {
            if what.isProcess { noteExit(of: what.name) } else { advanceProbe(of: what.name) }
        }
    }

    /// Tells a replica's life what happened, and does what it wants.
    mutating func tell(_ event: LifeEvent, to name: ReplicaName) {
        guard var member = members[name] else { return }
        let effects = member.life.on(event, at: Instant(seconds: monotonicSeconds()))
        members[name] = member
        for effect in effects { perform(effect, for: name) }
    }

    /// Makes what there is known, with an outcome or without.
    func publish(_ outcome: ActuatorOutcome?) {
        let running = members.values.filter { $0.process != nil }.map(\.record.published)
        report(outcome, running.sorted { $0.name < $1.name })
    }

    private mutating func configure(_ workloads: [WorkloadSettings], _ pools: [NodePoolSettings]) {
        variants = [:]
        for workload in workloads {
            for variant in workload.variants {
                variants[VariantKey(workload: workload.id, variant: variant.id)] = variant
            }
        }
        ledger = AcceleratorLedger(pools)
        for name in members.keys.sorted() {
            guard let placement = members[name]?.record.placement else { continue }
            take(placement, of: name)
        }
    }

    /// A running replica keeps its accelerators.
    mutating func take(_ placement: Placement, of name: ReplicaName) {
        guard !ledger.take(placement) else { return }
        logger.warning(
            "A replica has accelerators that its pool does not have any more; it keeps them until it is drained",
            metadata: [
                "replica": "\(name)", "pool": "\(placement.pool)",
                "accelerators": "\(placement.accelerators.map(String.init).joined(separator: ","))",
            ])
    }

    /// An order about a replica that there is not is answered: it is stopped.
    private mutating func give(_ event: LifeEvent, to name: ReplicaName) {
        if members[name] == nil { publish(.stopped(name)) } else { tell(event, to: name) }
    }

    private mutating func passTime() {
        let now = monotonicSeconds()
        for name in members.keys.sorted() {
            guard let member = members[name] else { continue }
            if let process = member.process, process.descriptor == nil, process.hasEnded {
                noteExit(of: name)
            } else if let due = member.life.wakeAt, due.seconds <= now {
                tell(.timePassed, to: name)
            }
        }
        if logsDueAt <= now { checkLogs(now) }
    }

    private mutating func checkLogs(_ now: Double) {
        logsDueAt = now + Self.logInterval
        for member in members.values where member.process != nil {
            let limits = member.record.supervision
            logs.check(
                store.logFile(of: member.name),
                LogRotation(byteLimit: limits.logFileBytes, fileCount: limits.logFileCount))
        }
    }

    /// Milliseconds until something is due; -1 for ever.
    private func pollTimeout() -> Int32 {
        if members.isEmpty { return -1 }
        let now = monotonicSeconds()
        let isBlind = members.values.contains { $0.process != nil && $0.process?.descriptor == nil }
        let dues = members.values.compactMap { $0.life.wakeAt?.seconds } + [logsDueAt]
        let wait = min(dues.min() ?? logsDueAt, isBlind ? now + Self.lookInterval : logsDueAt) - now
        return Int32((max(0, wait) * 1000).rounded(.up))
    }
}
