import Configuration
import Fleet
import Foundation
import Glibc
import Runtime
import Testing

@testable import Processes

@Suite(.timeLimit(.minutes(2)))
struct ProcessesActuatorTests {
    @Test func start_serverThatLoads_isReadyAfterItsFirst200() async throws {
        let stage = try Stage(Script.server(unready: 3))
        stage.start(1)
        try await stage.outcome(where: isReady(1))
        guard case .launched(let launched) = stage.reported.first else {
            Issue.record("launched comes first, not \(stage.reported)")
            return
        }
        #expect(launched.processID == (try stage.record(1).processID))
        #expect(launched.host == "127.0.0.1")
        #expect(stage.reported.count == 2)
        // Three times 503 stood between them: at least two intervals of 20 ms.
        let times = (stage.time(where: isLaunched(1)) ?? 0, stage.time(where: isReady(1)) ?? 0)
        #expect(times.1 - times.0 >= 0.04)
        try await stage.end()
        #expect(stage.reported.last == .stopped(Stage.name(1)))
    }

    @Test func start_sameReplicaTwice_isOneProcess() async throws {
        let stage = try Stage(Script.server())
        stage.start(1)
        stage.start(1)
        try await stage.outcome(where: isReady(1))
        stage.start(1)
        stage.start(2)
        try await stage.outcome(where: isReady(2))
        #expect(stage.reported.filter(isLaunched(1)).count == 1)
        #expect(stage.actuator.list().count == 2)
        try await stage.end()
    }

    @Test func start_placeholdersAndEnvironment_areFilledAndNothingElseIsInherited() async throws {
        setenv("TIDEWAY_TEST_SECRET", "do not pass", 1)
        var settings = Script.shell("env; pwd; echo \"arguments $*\"; ls /proc/self/fd | wc -l; umask; exec sleep 100")
        settings.command += ["{replica}", "{workload}", "{folder}"]
        settings.environment = ["MODEL": "{workload}:{port}"]
        let stage = try Stage(settings, acceleratorsPerReplica: 2)
        stage.start(7)
        try await until { stage.log(7).contains("0077") }
        let log = stage.log(7)
        let port = try stage.record(7).port
        #expect(log.contains("MODEL=chat:\(port)\n"))
        #expect(log.contains("arguments \(port) 7 chat \(stage.folder.path)"))
        #expect(log.contains("TIDEWAY_ACCELERATORS=0,1\n") && log.contains("CUDA_VISIBLE_DEVICES=0,1\n"))
        #expect(log.contains("TIDEWAY_REPLICA=\(stage.mark(7))\n"))
        #expect(!log.contains("TIDEWAY_TEST_SECRET"))
        // Standard input, output, error, and the folder that is listed.
        #expect(log.contains("\n4\n"))
        try await stage.end()
    }

    @Test func start_programThatExits_failsWithItsStatusAndLastLines() async throws {
        let stage = try Stage(Script.shell("echo loading; echo 'no such model' >&2; exit 3"))
        stage.start(1)
        let outcome = try await stage.outcome(where: isFailed(1))
        #expect(reason(outcome).contains("exited with status 3"))
        #expect(reason(outcome).contains("loading | no such model"))
        #expect(stage.actuator.list().isEmpty)
        try await stage.end()
    }

    @Test func start_programThatDoesNotExist_failsAndNamesIt() async throws {
        let stage = try Stage(ProcessSettings(command: ["no-such-model-server"]))
        stage.start(1)
        let outcome = try await stage.outcome(where: isFailed(1))
        #expect(reason(outcome).contains("no-such-model-server"))
        try await stage.end()
    }

    @Test func start_neverReady_failsAtItsDeadlineAndIsGone() async throws {
        var settings = Script.shell("echo still loading; exec sleep 100")
        settings.startDeadline = .milliseconds(300)
        let stage = try Stage(settings)
        stage.start(1)
        let outcome = try await stage.outcome(where: isFailed(1))
        #expect(reason(outcome).contains("not ready within 0.3 s") && reason(outcome).contains("still loading"))
        #expect(ProcessTable.marked(prefix: stage.mark()).isEmpty)
        try await stage.end()
    }

    @Test func start_moreThanThePoolHolds_hasNoCapacityUntilOneIsGone() async throws {
        let stage = try Stage(
            Script.shell("exec sleep 100"), acceleratorsPerNode: 3, nodeCount: 2, acceleratorsPerReplica: 2)
        for number in 1...3 { stage.start(number) }
        let outcome = try await stage.outcome { $0.name == Stage.name(3) }
        // One accelerator is free on each node, and a replica of two lies whole on one.
        let expected = "no node of pool pool has 2 free accelerators; free in all of it: 2"
        #expect(outcome == .noCapacity(Stage.name(3), reason: expected))
        stage.stop(1)
        try await stage.outcome { $0 == .stopped(Stage.name(1)) }
        stage.start(4)
        try await stage.outcome(where: isLaunched(4))
        try await stage.end()
    }

    @Test func stop_programThatIgnoresSIGTERM_isKilledAtTheDeadline() async throws {
        let stage = try Stage(Script.server(before: "signal.signal(signal.SIGTERM, signal.SIG_IGN)"))
        stage.start(1)
        try await stage.outcome(where: isReady(1))
        let began = monotonicSeconds()
        stage.stop(1, deadline: .milliseconds(200))
        try await stage.outcome { $0 == .stopped(Stage.name(1)) }
        #expect(monotonicSeconds() - began >= 0.2)
        try await stage.end()
    }

    @Test func stop_programThatObeys_getsSIGTERM() async throws {
        let stage = try Stage(
            Script.shell("trap 'echo asked to end; exit 0' TERM; echo up; while :; do sleep 0.01; done"))
        stage.start(1)
        try await until { stage.log(1).contains("up") }
        stage.stop(1)
        try await stage.outcome { $0 == .stopped(Stage.name(1)) }
        #expect(stage.log(1).contains("asked to end"))
        try await stage.end()
    }

    @Test func stop_unknownReplica_isAnsweredWithStopped() async throws {
        let stage = try Stage(Script.server())
        stage.stop(9)
        try await stage.outcome { $0 == .stopped(Stage.name(9)) }
        try await stage.end()
    }

    @Test func cancel_startingReplica_isStoppedAndReadyOneStays() async throws {
        let stage = try Stage(Script.server(unready: 1_000_000))
        stage.start(1)
        try await stage.outcome(where: isLaunched(1))
        stage.actuator.cancel(Stage.name(1))
        try await stage.outcome { $0 == .stopped(Stage.name(1)) }
        try await stage.end()
        let second = try Stage(Script.server())
        second.start(1)
        try await second.outcome(where: isReady(1))
        second.actuator.cancel(Stage.name(1))
        second.start(2)
        try await second.outcome(where: isReady(2))
        #expect(!second.reported.contains(.stopped(Stage.name(1))))
        try await second.end()
    }

    @Test func crash_afterReady_isLostWithItsSignalAndItsChildrenAreGone() async throws {
        // One child stays in the process group, one leaves it.
        let before = "subprocess.Popen(['sleep', '1000']); subprocess.Popen(['sleep', '1000'], start_new_session=True)"
        let stage = try Stage(Script.server(before: before))
        stage.start(1)
        try await stage.outcome(where: isReady(1))
        #expect(ProcessTable.marked(prefix: stage.mark(1)).count == 3)
        let pid = try #require(try stage.record(1).processID)
        let began = monotonicSeconds()
        kill(pid, SIGSEGV)
        let outcome = try await stage.outcome(where: isLost(1))
        #expect(reason(outcome).contains("was ended by signal 11"))
        let seconds = (stage.time(where: isLost(1)) ?? 0) - began
        // Milliseconds on an idle machine; what is asserted here leaves room for a loaded one.
        #expect(seconds < 10)
        #expect(ProcessTable.marked(prefix: stage.mark()).isEmpty)
        #expect(ProcessStatus(pid: pid) == nil, "its status was taken: no zombie is left")
        try await stage.end()
    }

    @Test func log_programThatWritesMuch_isRotatedAndBounded() async throws {
        var settings = Script.shell("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo done; exec sleep 100")
        settings.logFileLimit = 1 << 20
        settings.logFileCount = 3
        let stage = try Stage(settings)
        stage.start(1)
        try await until {
            LogRotation.size(of: stage.logPath(1) + ".1") > 0 && LogRotation.size(of: stage.logPath(1)) < 1 << 20
        }
        #expect(LogRotation.size(of: stage.logPath(1) + ".1") <= 1 << 20)
        #expect(LogRotation.size(of: stage.logPath(1) + ".3") == 0)
        try await stage.end()
    }

    @Test func memoryLimit_programThatTakesMore_isEndedAndSaysSo() async throws {
        var settings = Script.server(then: "x = bytearray(200_000_000); x[::4096] = b'1' * len(x[::4096])")
        settings.memoryLimit = 80_000_000
        let stage = try Stage(settings)
        stage.start(1)
        let outcome = try await stage.outcome { isLost(1)($0) || isFailed(1)($0) }
        if stage.actuator.limitSummary.contains("memory by cgroup") {
            #expect(reason(outcome).contains("the kernel killed for want of memory (memoryLimit 80000000)"))
        } else {
            #expect(reason(outcome).contains("MemoryError"))
        }
        try await stage.end()
    }

    @Test func crashLoop_eachStart_isReportedAsFailedAtOnce() async throws {
        let stage = try Stage(Script.shell("exit 1"))
        for number in 1...3 {
            stage.start(number)
            try await stage.outcome(where: isFailed(number))
        }
        #expect(stage.actuator.list() == [])
        try await stage.end()
    }
}
