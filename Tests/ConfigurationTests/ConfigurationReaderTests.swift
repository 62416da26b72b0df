import Configuration
import Fleet
import Foundation
import Testing

struct ConfigurationReaderTests {
    @Test(arguments: BadConfiguration.form + BadConfiguration.values + BadConfiguration.relations)
    func read_aBadFile_namesLineKeyAndRemedy(bad: BadConfiguration) throws {
        let reading = Reading.read(bad.text)
        #expect(reading.configuration == nil)
        try expect(bad, among: reading.errors, in: reading)
    }

    @Test(arguments: BadConfiguration.warnings)
    func read_aDoubtfulFile_isReadWithAWarning(doubtful: BadConfiguration) throws {
        let reading = Reading.read(doubtful.text)
        #expect(reading.configuration != nil, "\(reading.problems)")
        try expect(doubtful, among: reading.warnings, in: reading)
    }

    private func expect(
        _ bad: BadConfiguration, among problems: [ConfigurationProblem], in reading: ConfigurationReading
    ) throws {
        let found = "\(reading.problems.map(\.description).joined(separator: "\n"))\nin\n\(bad.text)"
        #expect(problems.count == 1, "\(found)")
        let problem = try #require(problems.first { $0.code == bad.code }, "\(found)")
        #expect(problem.position.line == bad.line, "\(found)")
        #expect(problem.key == bad.key, "\(found)")
        for word in bad.words { #expect("\(problem.message); \(problem.remedy)".contains(word), "\(found)") }
    }

    @Test func read_manyMistakes_findsAllInTheOrderOfTheFile() {
        let reading = Reading.read(
            """
            gateway: {listen: nowhere, thread: 1}
            workloads:
              - id: chat
                id: again
                slo: {ttft: 5}
                variants:
                  - profile: none
            controller: {mode: auto}
            """)
        #expect(
            reading.errors.map { "\($0.position.line) \($0.code.rawValue)" } == [
                "1 malformed", "1 unknown_key", "4 duplicate_key", "5 wrong_type", "7 missing_key", "7 unknown_profile",
                "8 unknown_choice",
            ])
    }

    @Test func problem_asText_isWhatCompilersWrite() {
        let problem = Reading.read("gatway: {}\n" + Reading.minimal, file: "a/tideway.yaml").problems.first
        #expect(
            problem?.description
                == "a/tideway.yaml:1:1: error: gatway: there is no such key; did you mean gateway? [unknown_key]")
    }

    @Test func read_theMinimalFile_fillsInDefaults() throws {
        let reading = Reading.read(Reading.minimal)
        #expect(reading.problems.isEmpty)
        let configuration = try #require(reading.configuration)
        let workload = try #require(configuration.workloads.first)
        #expect(configuration.workloads.count == 1)
        #expect(workload.objective == .reference)
        #expect(workload.bounds == ReplicaBounds(min: 0, max: 1))
        #expect(workload.variants.first?.pool == NodePoolID("local"))
        #expect(workload.variants.first?.id == VariantID("chat"))
        #expect(
            workload.variants.first?.engine == .processes(ProcessSettings(command: ["server", "--port", "{port}"])))
        #expect(configuration.stateFolder == "/etc/tideway/.tideway")
        #expect(configuration.gateway == GatewaySettings())
    }

    @Test func read_relativePaths_startAtTheFoldersFile() throws {
        let text = Reading.minimal("8b-a100", "./own.json").replacing("[server", with: "[bin/server")
        let configuration = try #require(
            Reading.read(text + "gateway: {access_log: '-'}\nstate_folder: /s\n").configuration)
        let variant = try #require(configuration.workloads.first?.variants.first)
        #expect(variant.profile == "/etc/tideway/own.json")
        #expect(
            variant.engine == .processes(ProcessSettings(command: ["/etc/tideway/bin/server", "--port", "{port}"])))
        #expect(configuration.stateFolder == "/s")
        #expect(configuration.gateway.accessLog == "-")
    }

    @Test func read_servers_countsThemAsReplicas() throws {
        let reading = Reading.read(
            """
            workloads:
              - id: classify
                slo: {latency: 200ms, attainment: 0.95}
                variants:
                  - {profile: 8b-a100, engine: {static: {urls: ["http://a:1", "http://b:2/"]}}}
            """)
        #expect(reading.problems.isEmpty)
        let workload = try #require(reading.configuration?.workloads.first)
        #expect(workload.bounds == ReplicaBounds(min: 2, max: 2))
        #expect(
            workload.objective == ServiceLevelObjective(limits: .latency(.milliseconds(200)), attainmentTarget: 0.95))
        #expect(reading.configuration?.nodePools == [])
    }

    @Test func read_anAlias_standsForItsValue() throws {
        let text = Reading.minimal("    variants", "    slo: &slo {ttft: 2s}\n    variants")
        #expect(
            Reading.read(text).configuration?.workloads.first?.objective.limits
                == .tokens(ttft: .seconds(2), itl: .milliseconds(50)))
    }

    @Test func read_windowsLineEnds_areLineEnds() {
        #expect(Reading.read(Reading.minimal.replacing("\n", with: "\r\n")).configuration != nil)
        let reading = Reading.read("gateway: {}\r\ngateway: {}\r\n" + Reading.minimal)
        #expect(reading.errors.map { "\($0.position.line) \($0.code.rawValue)" } == ["2 duplicate_key"])
    }

    @Test func read_nestedAliases_isRefusedQuickly() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1..<12 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ","))]\n"
        }
        #expect(Reading.read(text).errors.map(\.code) == [.tooManyAliases])
    }

    @Test func read_manyValues_isRefused() {
        let text = "a: [\(Array(repeating: "1", count: 60_000).joined(separator: ","))]"
        #expect(Reading.read(text).errors.map(\.code) == [.tooManyValues])
    }

    @Test func read_tooManyBytes_isRefused() {
        #expect(Reading.read(String(repeating: "# long\n", count: 200_000)).errors.map(\.code) == [.fileTooLarge])
    }

    @Test func read_deepNesting_isAnError() {
        let text = String(repeating: "[", count: 100_000)
        #expect(Reading.read(text).errors.map(\.code) == [.syntax])
    }

    @Test func read_otherEncodings_namesTheLine() {
        let reading = Reading.reader.read(Array("a: 1\nb: ".utf8) + [0xE4, 0x0A], file: "f")
        #expect(reading.problems.map(\.code) == [.notUTF8])
        #expect(reading.problems.first?.position.line == 2)
    }

    @Test(arguments: ["no-such-file.yaml", "/"]) func read_noFile_saysHowToWriteOne(file: String) {
        let reading = Reading.reader.read(file: file)
        #expect(reading.configuration == nil)
        #expect(reading.problems.map(\.code) == [.unreadableFile])
        #expect(reading.problems.first?.remedy.contains("tideway init") == true)
    }

    @Test func read_cutAnywhere_neverCrashes() {
        let text = Array((Reading.minimal + "gateway: {listen: '[::1]:80', threads: 2}\n").utf8)
        for length in text.indices {
            let reading = Reading.reader.read(Array(text[..<length]), file: "f")
            #expect((reading.configuration == nil) == !reading.errors.isEmpty)
        }
    }

    @Test func read_aByteReplacedAnywhere_neverCrashes() {
        let text = Array((Reading.minimal + "gateway: {listen: '[::1]:80', threads: 2}\n").utf8)
        for (offset, byte) in text.enumerated() {
            for other in [UInt8(ascii: "\n"), 0, 0xFF, UInt8(ascii: "&"), UInt8(ascii: "{"), byte ^ 0x20] {
                var changed = text
                changed[offset] = other
                let reading = Reading.reader.read(changed, file: "f")
                #expect((reading.configuration == nil) == !reading.errors.isEmpty)
            }
        }
    }
}
