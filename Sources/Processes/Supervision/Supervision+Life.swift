internal import Configuration
internal import Fleet
internal import Glibc
internal import Logging
internal import Runtime

extension Supervision {
    /// Does what a replica's life wants.
    mutating func perform(_ effect: LifeEffect, for name: ReplicaName) {
        switch effect {
        case .beginProbe: beginProbe(of: name)
        case .abandonProbe: members[name]?.probe = nil
        case .signal(let signal): send(signal, to: name)
        case .reportReady: noteReady(name)
        case .end(let ending): end(name, ending)
        }
    }

    /// The process has ended: what is left of its group goes with it, and its status tells how.
    mutating func noteExit(of name: ReplicaName) {
        guard let process = members[name]?.process, process.hasEnded else { return }
        if process.isChild { process.signalGroup(SIGKILL) }
        var how = process.reap()
        let groups = members[name]?.record.controlGroups ?? []
        if groups.contains(where: { ControlGroup(existing: $0).memoryKills > 0 }) {
            how +=
                "; the kernel killed for want of memory (memoryLimit \(members[name]?.record.supervision.memoryBytes ?? 0))"
        }
        tell(.exited(how), to: name)
    }

    /// Goes on with a probe whose socket is ready.
    mutating func advanceProbe(of name: ReplicaName) {
        guard var probe = members[name]?.probe else { return }
        let answer = probe.advance()
        switch answer {
        case .pending: members[name]?.probe = probe
        case .status(let status): finishProbe(of: name, status: status)
        case .failed: finishProbe(of: name, status: nil)
        }
    }

    private mutating func beginProbe(of name: ReplicaName) {
        guard let record = members[name]?.record else { return }
        do {
            members[name]?.probe = try ReadinessProbe(port: record.port, path: record.supervision.readinessPath)
            advanceProbe(of: name)
        } catch {
            finishProbe(of: name, status: nil)
        }
    }

    private mutating func finishProbe(of name: ReplicaName, status: Int?) {
        members[name]?.probe = nil
        tell(.probeAnswered(status: status), to: name)
    }

    private mutating func send(_ signal: Int32, to name: ReplicaName) {
        guard var member = members[name], let process = member.process else { return }
        if member.record.phase != .stopping {
            member.record.phase = .stopping
            members[name] = member
            // What is not on record only makes the next controller adopt it, and be told to stop it.
            try? store.write(member.record)
        }
        process.signalGroup(signal)
    }

    private mutating func noteReady(_ name: ReplicaName) {
        guard var member = members[name] else { return }
        member.probe = nil
        if member.record.readySeconds == nil {
            member.record.readySeconds = monotonicSeconds() - member.record.orderedAtSeconds
        }
        member.record.phase = .ready
        members[name] = member
        try? store.write(member.record)
        logger.info(
            "replica ready",
            metadata: ["replica": "\(name)", "seconds": "\(member.record.readySeconds ?? 0)"])
        publish(.ready(member.record.published))
    }

    /// Clears up, so that nothing is left, and only then reports: what it had is free when the report comes.
    private mutating func end(_ name: ReplicaName, _ ending: LifeEnding) {
        guard let member = members.removeValue(forKey: name) else { return }
        let ending = explain(ending, name)
        if member.process != nil {
            let mark = store.mark(of: name)
            ProcessTable.killAll(prefix: mark) { $0 != mark }
        }
        for folder in member.record.controlGroups { ControlGroup(existing: folder).remove() }
        if member.record.port > 0 { ports.release(member.record.port) }
        ledger.release(member.record.placement)
        if member.record.port > 0 { store.removeRecord(of: name) }
        logger.info("replica ended", metadata: ["replica": "\(name)", "how": "\(ending)"])
        publish(outcome(of: ending, name))
    }

    /// Adds the last lines of the log to what went wrong.
    private func explain(_ ending: LifeEnding, _ name: ReplicaName) -> LifeEnding {
        let lines = LogRotation.lastLines(of: store.logFile(of: name))
        let log = lines.isEmpty ? "; its log is empty" : "; its log ends: " + lines.joined(separator: " | ")
        switch ending {
        case .stopped: return .stopped
        case .failed(let reason): return .failed(reason + log)
        case .lost(let reason): return .lost(reason + log)
        }
    }

    private func outcome(of ending: LifeEnding, _ name: ReplicaName) -> ActuatorOutcome {
        switch ending {
        case .stopped: .stopped(name)
        case .failed(let reason): .failed(name, reason: reason)
        case .lost(let reason): .lost(name, reason: reason)
        }
    }
}
