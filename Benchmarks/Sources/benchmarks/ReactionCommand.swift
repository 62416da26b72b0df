internal import ArgumentParser
internal import Foundation

/// How fast the live loop reacts, and what it costs when there is nothing to do.
struct ReactionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reaction",
        abstract: "Measure scale from zero, a burst, a start, and the idle daemon.")

    /// What must be kept: seconds beyond the start-up time, from burst to order, from order to process.
    static let firstTokenMax = 0.1
    static let orderMax = 1.0
    static let processMax = 0.1
    /// Bytes and share of a core, of the whole daemon.
    static let memoryMax = 60_000_000
    static let cpuMax = 0.01
    /// The emulated replicas load for so long.
    static let loadSeconds = 1.0

    @Option(help: "Rounds, of which the median counts.")
    var rounds = 5

    @Option(help: "Seconds of idleness that are measured.")
    var idleSeconds = 30.0

    func validate() throws {
        guard (1...50).contains(rounds), (1...600).contains(idleSeconds) else {
            throw ValidationError("--rounds is from 1 to 50, --idle-seconds from 1 to 600.")
        }
    }

    func run() throws {
        var wakes: [Wake] = []
        var bursts: [Double] = []
        for round in 1...rounds {
            wakes.append(try wake())
            bursts.append(try burst())
            print("round \(round): \(wakes[round - 1]), burst to order \(Text.number(bursts[round - 1], 3)) s")
        }
        let idle = try idle()
        try write(wakes, bursts, idle)
    }

    private func configuration(_ replicas: String) -> String {
        """
        workloads:
          - id: chat
            replicas: \(replicas)
            variants:
              - profile: 8b-a100
                pool: local
                engine:
                  processes:
                    command: ["\(Places.tideway.path)", engine, --profile, 8b-a100, --model, chat, --port, "{port}", --load-delay, "\(Self.loadSeconds)s"]
                    expected_start_up: "\(Self.loadSeconds)s"
                    readiness_interval: 10ms
        node_pools:
          - id: local
            accelerators_per_node: 8
        """
    }

    // MARK: Scale from zero

    /// Seconds of one scale from zero.
    struct Wake: CustomStringConvertible {
        /// From the order until the replica was ready: the start-up time.
        var startUp: Double
        /// From the request to the first byte of its first token, less the start-up time.
        var overhead: Double
        /// From the order to the start of the process.
        var process: Double

        var description: String {
            "first token \(Text.number(overhead * 1000, 0)) ms after the start-up time of \(Text.number(startUp, 2)) s, "
                + "order to process \(Text.number(process * 1000, 0)) ms"
        }
    }

    private func wake() throws -> Wake {
        let program = try LiveProgram(configuration("{min: 0, max: 2}"))
        defer { program.end() }
        let address = try program.address()
        _ = try program.wait("controller") { program.time(of: "The controller is connected") }
        Thread.sleep(forTimeInterval: 1)
        let first = try Self.secondsToFirstByte(address)
        let ordered = try program.wait("order") { program.time(of: "Starting a replica") }
        let ready = try program.wait("replica") { program.time(of: "A replica is ready") }
        let started = try program.wait("process") { program.startOfReplica() }
        return Wake(startUp: ready - ordered, overhead: first - (ready - ordered), process: started - ordered)
    }

    /// One streamed request; the time to the first byte of the answer's body, as curl measures it.
    private static func secondsToFirstByte(_ address: String) throws -> Double {
        let output = try curl([
            "-o", "/dev/null", "-w", "%{http_code} %{time_starttransfer}", address + "/v1/completions", "-H",
            "content-type: application/json", "--data-binary",
            #"{"model":"chat","prompt":"a","max_tokens":2,"stream":true}"#,
        ])
        let words = output.split(separator: " ")
        guard words.count == 2, words[0] == "200", let seconds = Double(words[1]) else {
            throw BenchmarkError("the request got: \(output)")
        }
        return seconds
    }

    private static func curl(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "-sSN", "--max-time", "60"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static var secondsOfDay: Double {
        Date.now.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400)
    }

    // MARK: A burst

    /// Seconds from the first of 200 requests to the order of a second replica.
    private func burst() throws -> Double {
        let program = try LiveProgram(configuration("{min: 1, max: 4}"))
        defer { program.end() }
        let address = try program.address()
        _ = try program.wait("replica") { program.time(of: "A replica is ready") }
        Thread.sleep(forTimeInterval: 2)
        let load = Process()
        load.executableURL = URL(filePath: "/usr/bin/env")
        // One process, as two hundred of them would take longer to start than what is measured.
        load.arguments = [
            "curl", "-sS", "--parallel", "--parallel-immediate", "--parallel-max", "200", "--max-time", "60",
            address + "/v1/completions?[1-200]", "-H", "content-type: application/json", "--data-binary",
            #"{"model":"chat","prompt":"a","max_tokens":400}"#,
        ]
        load.standardOutput = FileHandle.nullDevice
        load.standardError = FileHandle.nullDevice
        let began = Self.secondsOfDay
        try load.run()
        defer { load.terminate() }
        return try program.wait("second order") { program.time(of: "Starting a replica", after: 1) } - began
    }

    // MARK: Nothing to do

    struct Idle {
        var name: String
        var residentBytes: Int
        var proportionalBytes: Int
        var cpuShare: Double
    }

    private func idle() throws -> [Idle] {
        let program = try LiveProgram(configuration("{min: 1, max: 4}"))
        defer { program.end() }
        _ = try program.wait("measured point") { program.time(of: "Measured what a replica carries") }
        Thread.sleep(forTimeInterval: 2)
        let daemon = program.daemon
        let before = daemon.compactMap { ProcessFigures($0.id) }
        Thread.sleep(forTimeInterval: idleSeconds)
        let after = daemon.compactMap { ProcessFigures($0.id) }
        guard before.count == 3, after.count == 3 else { throw BenchmarkError("a process ended:\n\(program.notes)") }
        return daemon.indices.map {
            Idle(
                name: daemon[$0].name, residentBytes: after[$0].residentBytes,
                proportionalBytes: after[$0].proportionalBytes,
                cpuShare: (after[$0].cpuSeconds - before[$0].cpuSeconds) / idleSeconds)
        }
    }

    // MARK: The page

    private func write(_ wakes: [Wake], _ bursts: [Double], _ idle: [Idle]) throws {
        var lines = [
            "# Reaction", "",
            "`benchmarks reaction` on \(Text.processor): `tideway up` with emulated replicas that load for "
                + "\(Text.number(Self.loadSeconds, 0)) s, \(rounds) rounds.", "",
        ]
        lines += Text.head(["figure", "median", "max", "to reach"])
        lines += [
            row("scale from zero: first token, beyond the start-up time", wakes.map(\.overhead), Self.firstTokenMax),
            row("burst to start order", bursts, Self.orderMax),
            row("start order to process", wakes.map(\.process), Self.processMax),
            "", "The daemon over \(Text.number(idleSeconds, 0)) s with one idle replica:", "",
        ]
        lines += Text.head(["process", "resident MB", "proportional MB", "CPU % of a core"])
        let total = Idle(
            name: "together", residentBytes: idle.reduce(0) { $0 + $1.residentBytes },
            proportionalBytes: idle.reduce(0) { $0 + $1.proportionalBytes },
            cpuShare: idle.reduce(0) { $0 + $1.cpuShare })
        for line in idle + [total] {
            lines.append(
                Text.row([
                    line.name, Text.number(Double(line.residentBytes) / 1e6, 1),
                    Text.number(Double(line.proportionalBytes) / 1e6, 1), Text.number(line.cpuShare * 100, 2),
                ]))
        }
        let isLight = total.proportionalBytes < Self.memoryMax && total.cpuShare < Self.cpuMax
        lines += [
            "",
            "Proportional: what processes share, the program's code above all, is divided among them, the replica included.",
            "Under 60 MB (proportional) and under 1 % of a core together: \(isLight ? "reached" : "missed").",
        ]
        print(lines.joined(separator: "\n"))
        try Places.writeResult("reaction.md", lines.joined(separator: "\n") + "\n")
        if lines.contains(where: { $0.contains("missed") }) { throw ExitCode.failure }
    }

    private func row(_ name: String, _ values: [Double], _ limit: Double) -> String {
        let sorted = values.sorted()
        let median = sorted[sorted.count / 2]
        return Text.row([
            name, Text.number(median, 3) + " s", Text.number(sorted[sorted.count - 1], 3) + " s",
            Text.number(limit, 1) + " s: " + (median < limit ? "reached" : "missed"),
        ])
    }
}
