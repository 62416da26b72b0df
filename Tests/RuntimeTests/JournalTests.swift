import Fleet
import Foundation
import Glibc
import Testing

@testable import Runtime

struct JournalTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func open() throws -> Journal { try Journal(path: folder.file("journal")) }

    private func replica(_ number: Int, _ phase: JournalReplica.Phase = .ready) -> JournalReplica {
        var replica = JournalReplica(
            workload: "chat", number: number, variant: "small", phase: phase, orderedAt: 1_700_000_000.25)
        replica.record = ReplicaRecord(
            name: replica.name, variant: VariantID("small"), host: "127.0.0.1", port: 4000 + number, processID: 99,
            processStart: 123_456, orderedAt: Instant(seconds: replica.orderedAt))
        return replica
    }

    @Test func journal_openedAgain_hasWhatWasWritten() throws {
        var operation = Runtime.Operation()
        operation.isFrozen = true
        do {
            let journal = try open()
            try journal.append(
                [.replica(replica(1)), .replica(replica(2)), .operation(operation)], isDurable: true)
            try journal.append([.gone(workload: "chat", replica: 1)], isDurable: false)
        }
        let journal = try open()
        #expect(journal.state.replicas(of: WorkloadID("chat")) == [replica(2)])
        #expect(journal.state.operation == operation)
        #expect(journal.badLines.isEmpty && journal.tornBytes == 0)
    }

    @Test func journal_lastLineTorn_isCutOffAndWrittenOn() throws {
        try open().append([.replica(replica(1)), .replica(replica(2))], isDurable: false)
        let whole = folder.bytes("journal")
        try folder.write(Array(whole.dropLast(7)), "journal")
        let journal = try open()
        #expect(journal.tornBytes > 0)
        #expect(journal.state.replicas(of: WorkloadID("chat")).map(\.number) == [1])
        try journal.append([.replica(replica(3))], isDurable: false)
        #expect(try open().state.replicas(of: WorkloadID("chat")).map(\.number) == [1, 3])
    }

    @Test func journal_cutAtAnyByte_hasThePrefixOfItsLines() throws {
        try open().append((1...4).map { .replica(replica($0)) }, isDurable: false)
        let whole = folder.bytes("journal")
        for length in 0...whole.count {
            try folder.write(Array(whole.prefix(length)), "journal")
            let lines = whole.prefix(length).filter { $0 == UInt8(ascii: "\n") }.count
            #expect(
                try open().state.replicas(of: WorkloadID("chat")).map(\.number) == Array(1...4).filter { $0 <= lines })
        }
    }

    @Test func journal_flippedByte_passesOverThatLineOnly() throws {
        try open().append((1...3).map { .replica(replica($0)) }, isDurable: false)
        var bytes = folder.bytes("journal")
        bytes[bytes.count / 2] ^= 1
        try folder.write(bytes, "journal")
        let journal = try open()
        #expect(journal.badLines == [2])
        #expect(journal.state.replicas(of: WorkloadID("chat")).map(\.number) == [1, 3])
    }

    @Test func journal_manyOutdatedLines_isWrittenAnewWithTheSameState() throws {
        let journal = try open()
        try journal.append([.replica(replica(7))], isDurable: false)
        let entries = (0..<100).flatMap { _ -> [JournalEntry] in
            [.replica(replica(1, .launched)), .gone(workload: "chat", replica: 1)]
        }
        for _ in 0..<15 { try journal.append(entries, isDurable: false) }
        #expect(folder.bytes("journal").filter { $0 == UInt8(ascii: "\n") }.count < 1_500)
        #expect(try open().state == journal.state)
        #expect(journal.state.replicas(of: WorkloadID("chat")).map(\.number) == [7])
        #expect(!FileManager.default.fileExists(atPath: folder.file("journal.new")))
    }

    @Test func checksum_ofTheStandardDigits_isTheStandardSum() {
        #expect(Checksum.of("123456789".utf8) == 0xCBF4_3926)
    }

    @Test func stateLock_heldByAnother_namesTheHolder() throws {
        let path = folder.file("lock")
        let first = try StateLock(path: path)
        #expect {
            try StateLock(path: path)
        } throws: { error in
            (error as? JournalError)?.code == .locked
                && "\(error)".contains("\(ProcessInfo.processInfo.processIdentifier)")
        }
        withExtendedLifetime(first) {}
    }

    @Test func stateLock_givenBack_canBeTaken() throws {
        let path = folder.file("lock")
        do { _ = try StateLock(path: path) }
        _ = try StateLock(path: path)
    }

    /// What is left of an owner that was killed while it started a process.
    @Test func stateLock_copyInAChildThatIsAboutToEnd_isWaitedFor() throws {
        let path = folder.file("lock")
        let owner = Glibc.open(path, O_RDWR | O_CREAT, 0o600)
        #expect(flock(owner, LOCK_EX | LOCK_NB) == 0)
        let child = Process()
        child.executableURL = URL(filePath: "/bin/sleep")
        child.arguments = ["0.2"]
        child.standardInput = FileHandle(fileDescriptor: owner, closeOnDealloc: false)
        try child.run()
        close(owner)
        #expect(child.isRunning)
        _ = try StateLock(path: path)
        child.waitUntilExit()
    }
}
