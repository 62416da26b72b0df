import Foundation
import Glibc
import Testing

@testable import Processes

struct ControlGroupHostTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "tideway-groups-\(UUID().uuidString)")
        .path

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: folder + path, withIntermediateDirectories: true)
    }

    @Test func candidates_versionOne_isTheGroupOfThisProcess() throws {
        try make("/memory/service")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let homes = ControlGroupHost.candidates(
            .memory, membership: "4:memory:/service\n1:cpu,cpuacct:/\n0::/\n",
            mounts: "30 24 0:26 / \(folder)/memory rw,relatime - cgroup cgroup rw,memory\n")
        #expect(homes == [ControlGroupHost.Home(folder: "\(folder)/memory/service", version: 1)])
    }

    @Test func candidates_bothVersions_versionTwoIsFirst() throws {
        try make("/unified/a")
        try make("/cpu")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let homes = ControlGroupHost.candidates(
            .cpu, membership: "1:cpu,cpuacct:/\n0::/a\n",
            mounts: """
                31 24 0:27 / \(folder)/cpu rw - cgroup cgroup rw,cpu,cpuacct
                32 24 0:28 / \(folder)/unified rw - cgroup2 cgroup2 rw
                """)
        #expect(homes.map(\.version) == [2, 1])
        #expect(homes.map(\.folder) == ["\(folder)/unified/a", "\(folder)/cpu"])
    }

    @Test func find_nothingMounted_fallsBackAndSaysSo() {
        let host = ControlGroupHost.find(membership: "0::/\n", mounts: "")
        #expect(host.homes.isEmpty)
        #expect(host.summary == "memory by rlimit (RLIMIT_DATA, per process), cpu by affinity (whole cores)")
    }

    @Test func group_versionTwo_getsItsFiles() throws {
        try make("/x")
        for file in ["memory.max", "memory.swap.max", "cpu.max", "cgroup.procs"] {
            #expect(FileManager.default.createFile(atPath: "\(folder)/x/\(file)", contents: nil))
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let group = try ControlGroup(name: "x", in: ControlGroupHost.Home(folder: folder, version: 2))
        try group.limitMemory(bytes: 1000, version: 2)
        try group.limitCPU(cores: 1.5, version: 2)
        try group.add(42)
        let texts = ["memory.max", "memory.swap.max", "cpu.max", "cgroup.procs"].map { fileText("\(folder)/x/\($0)") }
        #expect(texts == ["1000", "0", "150000 100000", "42"])
    }
}

struct ResourceLimitsTests {
    private func child(_ script: String, log: String) throws -> SpawnedProcess {
        try SpawnedProcess(
            SpawnRequest(
                command: ["sh", "-c", script], environment: ["PATH=/usr/bin:/bin"], workingFolder: "/", logFile: log))
    }

    @Test func apply_noControlGroups_limitsDataAndCores() async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "tideway-limit-\(UUID().uuidString)").path
        defer { unlink(log) }
        let child = try child("ulimit -d; ulimit -v; nproc; exec sleep 100", log: log)
        let applied = ResourceLimits(memoryBytes: 100 << 20, cores: 0.5).apply(
            to: child.pid, groupName: "none", host: ControlGroupHost(), number: 1)
        #expect(
            applied.text == "memory 104857600 bytes per process by rlimit RLIMIT_DATA, cpu 1 whole cores by affinity")
        child.openGate()
        // The address space stays without a limit: models are mapped into it.
        try await until { fileText(log) == "102400\nunlimited\n1\n" }
        child.abandon()
    }

    @Test func gate_parentIsGone_commandNeverRuns() async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "tideway-gate-\(UUID().uuidString)").path
        defer { unlink(log) }
        var child: SpawnedProcess? = try child("echo it ran", log: log)
        let watched = WatchedProcess(child: try #require(child))
        #expect(!watched.hasEnded)
        // The gate closes with its last reference, as it does when the parent dies.
        child = nil
        try await until { watched.hasEnded }
        #expect(watched.reap() == "exited with status \(SpawnedProcess.gateStatus)")
        #expect(fileText(log) == "")
    }
}
