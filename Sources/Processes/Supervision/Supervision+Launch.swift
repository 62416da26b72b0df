internal import Configuration
internal import Fleet
internal import Foundation
internal import Glibc
internal import Logging
internal import Runtime

extension Supervision {
    /// Reserves accelerators for a new replica; its process follows at once. Whoever orders waits between failures.
    mutating func start(_ order: StartOrder, orderedAt: Double, orderedAtSeconds: Double) {
        guard members[order.name] == nil else { return }
        let key = VariantKey(workload: order.name.workload, variant: order.variant)
        guard let variant = variants[key], case .processes(let settings) = variant.engine, let pool = variant.pool
        else {
            let reason = "variant \(order.variant) has no engine `processes` with a pool in the configuration"
            return publish(.failed(order.name, reason: reason))
        }
        guard let placement = ledger.place(variant.acceleratorsPerReplica, in: pool) else {
            return publish(.noCapacity(order.name, reason: shortage(variant.acceleratorsPerReplica, in: pool)))
        }
        let limits = SupervisionLimits(settings)
        let record = ProcessRecord(
            workload: "\(order.name.workload)", number: order.name.replica.number, variant: "\(order.variant)",
            placement: placement, port: 0, commandHash: ProcessRecord.fingerprint(settings.command),
            orderedAt: orderedAt, orderedAtSeconds: orderedAtSeconds, supervision: limits)
        members[order.name] = Member(record: record, life: ReplicaLife(limits: limits), settings: settings)
        launch(order.name)
    }

    private func shortage(_ count: Int, in pool: NodePoolID) -> String {
        "no node of pool \(pool) has \(count) free accelerators; free in all of it: \(ledger.freeCount(in: pool))"
    }

    /// Makes the process, and lets it become the command once all that must be known of it is on record.
    private mutating func launch(_ name: ReplicaName) {
        guard var member = members[name], let settings = member.settings else {
            preconditionFailure("only what was ordered here is launched")
        }
        do {
            try prepare(&member, settings)
        } catch {
            members[name] = member
            return tell(.launchFailed("it could not be started: \(error)"), to: name)
        }
        members[name] = member
        logger.info(
            "replica launched",
            metadata: [
                "replica": "\(name)", "pid": "\(member.record.identity?.pid ?? 0)", "port": "\(member.record.port)",
                "limits": "\(member.record.limits)", "seconds": "\(member.record.processSeconds ?? 0)",
            ])
        publish(.launched(member.record.published))
        tell(.launched, to: name)
    }

    private mutating func prepare(_ member: inout Member, _ settings: ProcessSettings) throws {
        let name = member.name
        guard let port = ports.allocate() else {
            throw ProcessesError(code: "no-port", message: "no port is free on 127.0.0.1")
        }
        member.record.port = port
        try store.makeFolder(of: name)
        try store.write(member.record)
        let plan = LaunchPlan(
            name: name, port: port, folder: store.folder(of: name), mark: store.mark(of: name),
            accelerators: member.record.placement.accelerators)
        let request = plan.request(
            settings, inherited: ProcessInfo.processInfo.environment, logFile: store.logFile(of: name))
        let child = try SpawnedProcess(request)
        member.record.identity = ProcessRecord.Identity(
            pid: child.pid, startTicks: child.startTicks, bootID: bootIdentifier())
        let applied = ResourceLimits(memoryBytes: settings.memoryLimit, cores: settings.cpuLimit).apply(
            to: child.pid, groupName: groupName(of: name), host: host, number: name.replica.number)
        member.record.limits = applied.text
        member.record.controlGroups = applied.controlGroups
        member.record.phase = .starting
        member.record.processSeconds = monotonicSeconds() - member.record.orderedAtSeconds
        do { try store.write(member.record) } catch {
            child.abandon()
            throw error
        }
        member.process = WatchedProcess(child: child)
        child.openGate()
    }

    /// Names of control groups begin with the state folder's identifier, so that leftovers are found.
    func groupName(of name: ReplicaName) -> String { groupPrefix + name.folderName }
    var groupPrefix: String { "tideway-\(store.identifier)-" }
}
