import Configuration
import Control
import Fleet
import Foundation
import Performance
import Policies
import Runtime
import Testing

@testable import Assembly

final class WorkloadPlansTests {
    private let folder = "/tmp/tw-\(UUID().uuidString.prefix(8))"

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func plans(_ engine: EngineSettings) -> WorkloadPlans {
        var workload = WorkloadSettings(id: WorkloadID("chat"))
        workload.bounds = ReplicaBounds(min: 1, max: 4)
        workload.variants = [VariantSettings(id: VariantID("small"), profile: "8b-a100", engine: engine)]
        var configuration = TidewayConfiguration()
        configuration.workloads = [workload]
        return WorkloadPlans(configuration: configuration, points: OperatingPoints(path: folder + "/points.json"))
    }

    @Test func plans_processes_haveTheirTimesAndAreActedOn() throws {
        var settings = ProcessSettings(command: ["server"])
        settings.expectedStartUp = .seconds(20)
        settings.drainDeadline = .seconds(90)
        let plan = try #require(try plans(.processes(settings)).plans().first)
        #expect(plan.startUp.expected == .seconds(20))
        #expect(plan.drainDeadline == .seconds(90))
        #expect(plan.workload.isActedOn && !plan.isWatched)
        #expect(plan.policyName == "tideway")
    }

    @Test func plans_anotherPolicy_isProtectedAndDecidesAlone() throws {
        #expect(try plans(.fixed(urls: [])).plans().first?.guards == .all)
        var configuration = plans(.fixed(urls: [])).configuration
        configuration.controller.policy = "hpa"
        let plans = WorkloadPlans(configuration: configuration, points: OperatingPoints(path: folder + "/points.json"))
        #expect(try plans.plans().first?.guards == [.holdOnBadData, .supervisedStarts, .idleToZero, .secondWriter])
    }

    @Test func plans_otherSettings_areAnotherPlan() throws {
        let usual = plans(.fixed(urls: []))
        var configuration = usual.configuration
        configuration.policy.penalty = 3
        let points = OperatingPoints(path: folder + "/points.json")
        let other = try #require(try WorkloadPlans(configuration: configuration, points: points).plans().first)
        let same = try #require(try WorkloadPlans(configuration: usual.configuration, points: points).plans().first)
        let plan = try #require(try usual.plans().first)
        #expect(plan.policyBasis == same.policyBasis)
        #expect(plan.policyBasis != other.policyBasis)
        // What was learned under the old settings is not gone on from.
        #expect(plan.policy.stateName == same.policy.stateName)
        #expect(other.policy.stateName == plan.policy.stateName + " penalty 3.0")
    }

    @Test func plans_startDeadlineBelowTheExpectedTime_isRaisedAboveIt() throws {
        var settings = ProcessSettings(command: ["server"])
        settings.expectedStartUp = .seconds(20)
        settings.startDeadline = .seconds(5)
        let plan = try #require(try plans(.processes(settings)).plans().first)
        #expect(plan.startUp.deadline > plan.startUp.expected)
    }

    @Test func plans_serversThatRun_areWatchedOnly() throws {
        let plan = try #require(try plans(.fixed(urls: ["http://127.0.0.1:1"])).plans().first)
        #expect(plan.isWatched && !plan.workload.isActedOn)
    }

    @Test func plans_nothingMeasured_askForOnePointPerProfileAndShape() throws {
        let plans = plans(.fixed(urls: []))
        let questions = try plans.openQuestions()
        #expect(questions.count == 1)
        let point = plans.points.immediate(questions[0])
        #expect(point.steadyRate > 0 && point.pools.isEmpty)
    }

    // A profile like that of examples/tensorflow: 2 ms a request, within 200 ms.
    private func service(_ more: String = "", latency: String = "200ms") throws -> ConfigurationReading {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let profile = folder + "/service.json"
        try """
        {"name": "scores", "accelerators": 1, "c0": 0.002, "c1": 0, "c2": 0, "c3": 0, "c4": 0, "chunk": 1,
        "max_batch": 1, "kv_tokens": 1000000000, "backlog_seconds": 0, "power_idle": 5, "power_busy": 15,
        "power_per_sequence": 0, "price_per_accelerator_hour": 0.05, "origin": "A test."}
        """.write(toFile: profile, atomically: true, encoding: .utf8)
        return ConfigurationReader(names: .shipped).read(
            Array(
                """
                workloads:
                  - id: scores
                    slo: {latency: \(latency)}
                    \(more)
                    variants:
                      - profile: \(profile)
                        engine: {static: {urls: ["http://127.0.0.1:1"]}}
                """.utf8), file: folder + "/tideway.yaml")
    }

    @Test func plans_service_carryWhatItsTimeAllows() throws {
        let configuration = try #require(try service().configuration)
        #expect(configuration.workloads[0].expectedShape == .service(outputTokens: 2))
        let points = OperatingPoints(path: folder + "/points.json")
        let plans = WorkloadPlans(configuration: configuration, points: points)
        let question = try #require(try plans.openQuestions().first)
        // 500 a second at most, and less in time.
        #expect((250...500).contains(points.immediate(question).steadyRate))
    }

    @Test func plans_objectiveThatNobodyCanKeep_areForAllThatAReplicaCanDo() throws {
        let reading = try service(latency: "1ms")
        let problem = try #require(reading.problems.first { $0.code == .unreachableObjective })
        #expect(problem.severity == .warning && problem.key == "workloads[0].slo.latency")
        #expect(problem.message.contains("a request takes 0.002 s even alone"))
        #expect(problem.remedy == "allow more time or take a faster profile")
        let configuration = try #require(reading.configuration)
        let points = OperatingPoints(path: folder + "/points.json")
        let plans = WorkloadPlans(configuration: configuration, points: points)
        let question = try #require(try plans.openQuestions().first)
        #expect(points.measure(question).steadyRate == 0)
        #expect(abs(points.immediate(question).steadyRate - 500) < 1)
        #expect(try plans.openQuestions().isEmpty)
    }

    @Test func configuration_lengthsOfAService_areSaidToHaveNoEffect() throws {
        let reading = try service("expected: {output_tokens: 9}")
        #expect(reading.problems.map(\.code) == [.unusedKey])
        #expect(reading.configuration?.workloads[0].expectedShape.outputTokens == 2)
    }

    @Test(arguments: ["ftp://a:1", "127.0.0.1:80", "http://", ""])
    func serverAddress_unusable_isRefusedWithTheForm(_ text: String) {
        #expect { try ServerProbe.server(text) } throws: { "\($0)".contains("http://HOST:PORT") }
    }

    @Test func serverAddress_withoutPort_hasTheUsualOne() throws {
        #expect(try ServerProbe.server("http://example").port == 80)
    }

    @Test func configurationFile_missing_saysSo() {
        #expect { try ConfigurationFile.load(folder + "/none.yaml") } throws: {
            ($0 as? AssemblyError)?.code == .configuration && "\($0)".contains("none.yaml")
        }
    }
}
