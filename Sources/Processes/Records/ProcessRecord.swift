internal import Fleet
internal import Foundation
internal import Runtime

/// What a controller must know of a replica that an earlier one started. It is written before the process exists, again
/// before the process becomes the command, and at every later step.
struct ProcessRecord: Hashable, Codable {
    enum Phase: String, Hashable, Codable {
        case ordered, starting, ready, stopping
    }

    /// Which process it is.
    struct Identity: Hashable, Codable {
        var pid: Int32
        var startTicks: UInt64
        /// Pids and ticks mean nothing after a restart of the machine.
        var bootID: String
    }

    static let currentVersion = 1

    var version = ProcessRecord.currentVersion
    var workload: String
    var number: Int
    var variant: String
    var placement: Placement
    var port: Int
    var phase = Phase.ordered
    /// Nil until there is a process.
    var identity: Identity?
    /// Fingerprint of the command, so that a replica of another command is told from those of the present one.
    var commandHash: String
    /// When its start was ordered, in seconds since 1970.
    var orderedAt: Double
    /// The same by `monotonicSeconds()`.
    var orderedAtSeconds: Double
    /// Seconds from the start order to the process, and to ready; nil until then.
    var processSeconds: Double?
    var readySeconds: Double?
    var supervision: SupervisionLimits
    /// How its limits are kept, in words.
    var limits = ""
    /// Folders of the control groups that it lives in.
    var controlGroups: [String] = []

    var name: ReplicaName { ReplicaName(WorkloadID(workload), ReplicaID(number)) }

    /// What the controller's journal keeps of it.
    var published: ReplicaRecord {
        ReplicaRecord(
            name: name, variant: VariantID(variant), host: "127.0.0.1", port: port, processID: identity?.pid,
            processStart: identity?.startTicks, orderedAt: Instant(seconds: orderedAt))
    }

    /// 64 bits of FNV-1a over the strings, each ended by a zero.
    static func fingerprint(_ strings: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in strings.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether the process on record lives, under its own start time and mark.
    func isAlive(mark: String) -> Bool {
        guard let identity, identity.bootID == bootIdentifier(),
            let status = ProcessStatus(pid: identity.pid), status.isAlive, status.startTicks == identity.startTicks
        else { return false }
        return ProcessTable.mark(of: identity.pid) == mark
    }
}

/// Changes with every start of the machine.
func bootIdentifier() -> String {
    (fileText("/proc/sys/kernel/random/boot_id") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
}
