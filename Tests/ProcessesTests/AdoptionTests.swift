import Configuration
import Fleet
import Foundation
import Glibc
import Runtime
import Testing

@testable import Processes

@Suite(.timeLimit(.minutes(3)))
struct AdoptionTests {
    @Test func adopt_livingReplicas_areTakenOverWithTheirPortsAndAccelerators() async throws {
        let first = try Stage(Script.server(), acceleratorsPerNode: 2)
        first.start(1)
        first.start(2)
        try await first.outcome(where: isReady(1))
        try await first.outcome(where: isReady(2))
        let before = first.actuator.list()
        first.close()
        let second = try Stage(Script.server(), acceleratorsPerNode: 2, folder: first.folder)
        #expect(second.actuator.adopt(before) == before)
        try await second.outcome(where: isReady(1))
        try await second.outcome(where: isReady(2))
        second.start(3)
        try await second.outcome { if case .noCapacity = $0 { true } else { false } }
        // A crash of an adopted replica is noticed too.
        kill(try #require(before[0].processID), SIGKILL)
        try await second.outcome(where: isLost(1))
        second.start(4)
        try await second.outcome(where: isReady(4))
        try await second.end()
    }

    @Test func adopt_replicaThatEndedMeanwhile_isLostAndItsChildrenAreEnded() async throws {
        let first = try Stage(Script.server(before: "subprocess.Popen(['sleep', '1000'], start_new_session=True)"))
        first.start(1)
        try await first.outcome(where: isReady(1))
        let record = try first.record(1)
        first.close()
        let pid = try #require(record.processID)
        kill(pid, SIGKILL)
        // It is a child of this process: a zombie until its status is taken, and a zombie lives no more.
        try await until { ProcessStatus(pid: pid)?.isAlive != true }
        #expect(!ProcessTable.marked(prefix: first.mark()).isEmpty)
        let second = try Stage(Script.server(), folder: first.folder)
        #expect(second.actuator.adopt([record]) == [])
        try await second.outcome(where: isLost(1))
        #expect(ProcessTable.marked(prefix: first.mark()).isEmpty)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        try await second.end()
    }

    @Test func adopt_pidThatAnotherProcessHasNow_isNotTouched() async throws {
        let stage = try Stage(Script.server())
        stage.start(1)
        try await stage.outcome(where: isReady(1))
        let store = stage.folder.path + "/replicas/chat-1/record.json"
        stage.close()
        var record = try JSONDecoder().decode(ProcessRecord.self, from: Data(contentsOf: URL(filePath: store)))
        let real = try #require(record.identity)
        // The record of a process that had the same pid, and started a tick earlier.
        record.identity?.startTicks -= 1
        #expect(!record.isAlive(mark: stage.mark(1)))
        // This very process has a mark of nobody: its pid is on record, and it must survive.
        record.identity = ProcessRecord.Identity(
            pid: getpid(), startTicks: ProcessStatus(pid: getpid())?.startTicks ?? 0, bootID: real.bootID)
        try JSONEncoder().encode(record).write(to: URL(filePath: store))
        let second = try Stage(Script.server(), folder: stage.folder)
        #expect(second.actuator.adopt([]) == [])
        // What really had the mark was without a record: a leftover.
        #expect(ProcessTable.marked(prefix: stage.mark()).isEmpty)
        var status: Int32 = 0
        waitpid(real.pid, &status, 0)
        try await second.end()
    }

    @Test func init_folderThatAnotherControllerHas_isRefused() async throws {
        let stage = try Stage(Script.server())
        let error = #expect(throws: ProcessesError.self) { try Stage(Script.server(), folder: stage.folder) }
        #expect(error?.code == "state-folder-in-use")
        try await stage.end()
    }

    /// A controller in a process of its own, which is killed at any moment of its starts and stops.
    @Test func adopt_afterKillNineInTwentyRounds_noOrphanAndNoDuplicate() async throws {
        let folder = Stage.newFolder()
        var adopted = 0
        for round in 1...20 {
            let host = try ControllerHost(folder: folder, firstNumber: round * 1000)
            try await host.waitUntilUp()
            // At another moment of its churn in each round.
            usleep(UInt32(round) * 3_000)
            host.killNow()
            let stage = try Stage(ControllerHost.settings, folder: folder)
            let records = stage.actuator.adopt([])
            let known = Set(records.compactMap(\.processID))
            // A start that the kill cut short ends by itself at its gate; what stays is an orphan.
            try await until { Set(Self.leaders(stage).map(\.pid)).isSubset(of: known) }
            let leaders = Self.leaders(stage)
            #expect(leaders.count == Set(leaders.map(\.mark)).count, "round \(round): a replica runs twice")
            #expect(records.count <= 4, "round \(round): more replicas than accelerators")
            adopted += records.count
            if round < 20 { stage.close() } else { try await stage.end() }
        }
        #expect(adopted > 0, "the rounds met no replica at all")
    }

    /// What starts a process under our mark leads a process group. Those are the replicas, each once.
    private static func leaders(_ stage: Stage) -> [(pid: Int32, mark: String)] {
        ProcessTable.marked(prefix: stage.mark()).filter { ProcessStatus(pid: $0.pid)?.group == $0.pid }
    }

    /// Not a test of its own: what the killed controller runs.
    @Test(.enabled(if: ControllerHost.folderOfThisProcess != nil))
    func controllerHost() async throws {
        guard let folder = ControllerHost.folderOfThisProcess else { return }
        try await ControllerHost.churn(folder)
    }
}

/// A controller that starts and stops replicas without end, in a process of its own.
struct ControllerHost {
    private static let folderVariable = "TIDEWAY_TEST_HOST_FOLDER"
    private static let numberVariable = "TIDEWAY_TEST_HOST_NUMBER"

    /// Each has a child of its own.
    static var settings: ProcessSettings { Script.shell("sleep 1000 & exec sleep 1000") }

    static var folderOfThisProcess: URL? {
        ProcessInfo.processInfo.environment[folderVariable].map { URL(filePath: $0) }
    }

    private let process = Process()
    private let upFile: URL

    init(folder: URL, firstNumber: Int) throws {
        upFile = folder.appending(path: "up-\(firstNumber)")
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["--testing-library", "swift-testing", "--filter", "AdoptionTests.controllerHost"]
        process.environment = ProcessInfo.processInfo.environment.merging([
            Self.folderVariable: folder.path, Self.numberVariable: "\(firstNumber)",
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func waitUntilUp() async throws {
        try await until(within: 60) { access(upFile.path, F_OK) == 0 || !process.isRunning }
        try #require(process.isRunning, "the controller's process ended by itself")
    }

    func killNow() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    static func churn(_ folder: URL) async throws {
        let stage = try Stage(settings, folder: folder)
        let first = Int(ProcessInfo.processInfo.environment[numberVariable] ?? "") ?? 1
        for record in stage.actuator.adopt([]) { stage.actuator.stop(record.name, deadline: .milliseconds(20)) }
        #expect(FileManager.default.createFile(atPath: folder.path + "/up-\(first)", contents: nil))
        for step in 0..<100_000 {
            stage.start(first + step)
            if step >= 3 { stage.stop(first + step - 3, deadline: .milliseconds(20)) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
