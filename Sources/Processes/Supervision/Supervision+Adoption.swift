internal import Fleet
internal import Logging
internal import Runtime

extension Supervision {
    /// Takes over what an earlier controller left running, and clears away everything else that it left.
    ///
    /// A process runs a command only after its record was written, so every living replica has one; a process with our mark
    /// and no such record is a leftover.
    mutating func adopt(_ known: [ReplicaRecord]) {
        let (records, unreadable) = store.readRecords()
        for entry in unreadable {
            logger.warning(
                "record of a replica is unreadable; what belongs to it is ended", metadata: ["folder": "\(entry)"])
            store.setAside(entry)
        }
        var ended: [ProcessRecord] = []
        for record in records where members[record.name] == nil {
            if let process = WatchedProcess(record, mark: store.mark(of: record.name)) {
                takeOver(record, process)
            } else {
                ended.append(record)
            }
        }
        clearLeftovers(of: ended)
        let names = Set(members.keys)
        for record in known.sorted(by: { $0.name < $1.name }) where !names.contains(record.name) {
            publish(.lost(record.name, reason: "it ended while no controller watched it"))
        }
        for name in members.keys.sorted() {
            guard let member = members[name], member.settings == nil else { continue }
            publish(.launched(member.record.published))
            tell(member.record.phase == .stopping ? .stopOrdered(deadline: nil) : .timePassed, to: name)
        }
    }

    private mutating func takeOver(_ record: ProcessRecord, _ process: WatchedProcess) {
        let now = monotonicSeconds()
        // One that was ready may be too busy to answer: it gets the whole deadline again.
        let began = record.readySeconds == nil ? record.orderedAtSeconds : now
        let life = ReplicaLife(
            limits: record.supervision, adoptedAt: Instant(seconds: now),
            deadline: Instant(seconds: began + record.supervision.startDeadline))
        take(record.placement, of: record.name)
        ports.take(record.port)
        members[record.name] = Member(record: record, life: life, process: process)
        logger.info("replica adopted", metadata: ["replica": "\(record.name)", "pid": "\(process.pid)"])
    }

    private func clearLeftovers(of ended: [ProcessRecord]) {
        let spared = Set(members.keys.map { store.mark(of: $0) })
        let killed = ProcessTable.killAll(prefix: store.markPrefix) { spared.contains($0) }
        if killed > 0 { logger.warning("leftover processes ended", metadata: ["count": "\(killed)"]) }
        for record in ended {
            for folder in record.controlGroups { ControlGroup(existing: folder).remove() }
            store.removeRecord(of: record.name)
        }
        let groups = Set(members.keys.map { groupName(of: $0) })
        for home in host.homes {
            for entry in folderEntries(home.folder) where entry.hasPrefix(groupPrefix) && !groups.contains(entry) {
                ControlGroup(existing: "\(home.folder)/\(entry)").remove()
            }
        }
    }
}
