internal import Fleet
internal import Foundation
internal import Glibc
internal import Runtime

/// The folder `<state>/replicas`: a folder for each replica with its record and its logs. One controller has it at a time.
struct ReplicaStore: Sendable {
    /// Absolute.
    let folder: String
    /// Marks every process that was started from this state folder.
    let identifier: String
    private let lock: StateLock

    /// Folders of replicas that ended, kept for their logs; older ones are removed.
    static let endedFolderLimit = 20
    private static let recordName = "record.json"

    /// Takes the folder, and makes it when it is missing.
    /// - Throws: `ProcessesError` when another controller has it or it cannot be made.
    init(stateFolder: String) throws {
        let path = URL(filePath: stateFolder).appending(path: "replicas").path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ProcessesError(
                code: "state-folder",
                message: "\(path) cannot be made: \(error.localizedDescription). Choose another stateFolder.")
        }
        // Its true path, so that the mark is the same whatever way leads to it.
        folder = URL(filePath: path).resolvingSymlinksInPath().path
        identifier = ProcessRecord.fingerprint([folder])
        lock = try Self.takeLock(folder + "/lock")
    }

    private static func takeLock(_ path: String) throws -> StateLock {
        do throws(JournalError) {
            return try StateLock(path: path)
        } catch {
            throw ProcessesError(
                code: error.code == .locked ? "state-folder-in-use" : "state-folder", message: error.description)
        }
    }

    /// Lets another controller take the folder, whoever still holds a copy of this value.
    func release() { lock.release() }

    /// The value of the marker of a replica's processes; also the beginning of nothing else, for it ends with "/".
    func mark(of name: ReplicaName) -> String { "\(identifier)/\(name.workload)/\(name.replica.number)" }

    /// What the marks of all replicas of this folder begin with.
    var markPrefix: String { identifier + "/" }

    func folder(of name: ReplicaName) -> String { folder + "/" + name.folderName }
    func logFile(of name: ReplicaName) -> String { folder(of: name) + "/log" }

    /// Makes the replica's folder, empty of what an earlier one of the same name left.
    func makeFolder(of name: ReplicaName) throws {
        let path = folder(of: name)
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Writes a record so that a reader finds either the old one or the new one, whole.
    func write(_ record: ProcessRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let path = folder(of: record.name) + "/" + Self.recordName
        try encoder.encode(record).write(to: URL(filePath: path + ".new"))
        guard rename(path + ".new", path) == 0 else { throw SystemCallError("rename \(path).new") }
    }

    /// The record is what makes a replica: without it, its folder is only kept for the log.
    func removeRecord(of name: ReplicaName) {
        unlink(folder(of: name) + "/" + Self.recordName)
        pruneEndedFolders()
    }

    /// All records, by name, and the folders whose record cannot be read.
    func readRecords() -> (records: [ProcessRecord], unreadable: [String]) {
        var records: [ProcessRecord] = []
        var unreadable: [String] = []
        for entry in folderEntries(folder) {
            guard let bytes = fileBytes("\(folder)/\(entry)/\(Self.recordName)") else { continue }
            let record = try? JSONDecoder().decode(ProcessRecord.self, from: Data(bytes))
            if let record, record.name.folderName == entry, record.version == ProcessRecord.currentVersion {
                records.append(record)
            } else {
                unreadable.append(entry)
            }
        }
        return (records.sorted { $0.name < $1.name }, unreadable)
    }

    /// Puts a record aside that cannot be read, so that it is not met again.
    func setAside(_ entry: String) {
        rename("\(folder)/\(entry)/\(Self.recordName)", "\(folder)/\(entry)/\(Self.recordName).unreadable")
    }

    private func pruneEndedFolders() {
        let ended = folderEntries(folder).filter {
            let path = "\(folder)/\($0)"
            return access(path + "/" + Self.recordName, F_OK) != 0 && opensAsFolder(path)
        }
        guard ended.count > Self.endedFolderLimit else { return }
        let oldestFirst = ended.map { (changedAt("\(folder)/\($0)"), $0) }.sorted { $0 < $1 }
        for (_, entry) in oldestFirst.prefix(ended.count - Self.endedFolderLimit) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(entry)")
        }
    }

    private func opensAsFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    private func changedAt(_ path: String) -> Int {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mtim.tv_sec : 0
    }
}
