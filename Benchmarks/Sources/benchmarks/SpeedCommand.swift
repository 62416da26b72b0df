internal import ArgumentParser
internal import Foundation

/// How many requests the simulator carries per second on one core.
struct SpeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "speed",
        abstract: "Simulate the conversation hour, 24 copies at once, on 39 replicas: requests per second on one core.")

    static let copies = 24
    static let replicas = 39
    /// Requests per second that must be reached, and those that are wanted.
    static let floor = 2_000_000.0
    static let goal = 4_000_000.0

    @Option(help: "Runs, of which the median counts.")
    var runs = 5

    func run() throws {
        let schedule = try ScheduleFile.constant(SpeedCommand.replicas)
        let json = try Places.scratchFile("speed.json")
        let arguments = [
            "--trace", Places.azureConversation.path, "--copies", "\(SpeedCommand.copies)", "--schedule", schedule.path,
            "--jobs", "1",
        ]
        var speeds: [Double] = []
        var requests = 0
        var peakBytes = 0
        for number in 1...max(runs, 1) {
            let (document, usage) = try TidewayProcess.backtest(arguments, json: json)
            guard let run = document.runs.first, let seconds = run.simulateSeconds, seconds > 0 else {
                throw BenchmarkError("the results do not tell simulate_seconds")
            }
            requests = run.requests
            peakBytes = usage.peakBytes
            speeds.append(Double(requests) / seconds)
            print("run \(number): \(Text.number(speeds[number - 1] / 1e6, 2)) million requests per second")
        }
        try report(speeds.sorted(), requests: requests, peakBytes: peakBytes)
    }

    private func report(_ speeds: [Double], requests: Int, peakBytes: Int) throws {
        let median = speeds[speeds.count / 2]
        let reached =
            median >= SpeedCommand.goal ? "goal reached" : median >= SpeedCommand.floor ? "floor reached" : "too slow"
        let millions = { Text.number($0 / 1e6, 2) }
        let lines =
            [
                "# Speed of the simulator", "",
                "`benchmarks speed`: conv-40 (the Azure conversation hour of 2023, \(SpeedCommand.copies) copies, \(requests) requests) on "
                    + "\(SpeedCommand.replicas) replicas, one",
                "thread, trace in memory, reading and metrics excluded; \(speeds.count) runs.", "",
            ] + Text.head(["million requests per second", "median", "min", "max"]) + [
                Text.row(["", millions(median), millions(speeds[0]), millions(speeds[speeds.count - 1])]), "",
                "Floor \(millions(SpeedCommand.floor)), goal \(millions(SpeedCommand.goal)): \(reached).",
                "Peak memory of the program: \(peakBytes / 1_000_000) MB. Machine: \(Text.processor).",
            ]
        print(lines.suffix(2).joined(separator: "\n"))
        print("median \(millions(median)), min \(millions(speeds[0])), max \(millions(speeds[speeds.count - 1]))")
        try Places.writeResult("speed.md", lines.joined(separator: "\n") + "\n")
        if median < SpeedCommand.floor { throw ExitCode.failure }
    }
}

/// A schedule for `--schedule`.
enum ScheduleFile {
    /// The same fleet from the start on.
    static func constant(_ replicas: Int) throws -> URL {
        let file = try Places.scratchFile("constant-\(replicas).csv")
        try Data("time_s,desired\n0,\(replicas)\n".utf8).write(to: file)
        return file
    }
}
