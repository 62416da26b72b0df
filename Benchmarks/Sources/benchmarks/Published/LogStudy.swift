internal import Foundation

/// Logs of vLLM replayed: arrivals and lengths from the log, the replica from measured kernels, nothing fitted to the log.
struct LogStudy {
    private static let ttftErrorMax = 0.12
    private static let tpotErrorMax = 0.07

    /// A log, measured and simulated; seconds.
    private struct Replay {
        var log: VLLMLog
        var profile: ProfileDocument
        var requests: Int
        var preemptions: Int
        var ttft: (measured: Double, simulated: Double)
        var ttftP99: (measured: Double, simulated: Double)
        var tpot: (measured: Double, simulated: Double)

        var isReached: Bool {
            !log.isJudged
                || (abs(LogStudy.error(ttft)) <= ttftErrorMax && abs(LogStudy.error(ttftP99)) <= ttftErrorMax
                    && abs(LogStudy.error(tpot)) <= tpotErrorMax)
        }
    }

    /// The coefficients of a profile file.
    private struct ProfileDocument: Decodable {
        var c0: Double
        var c1: Double
        var c2: Double
        var c3: Double
        var c4: Double
        var c6: Double?
    }

    private let replays: [Replay]

    init() throws { replays = try VLLMLog.all.map(Self.replay) }

    var isReached: Bool { replays.allSatisfy(\.isReached) }

    private static func replay(_ log: VLLMLog) throws -> Replay {
        let requests = try log.requests()
        let profile = try log.profile()
        let arguments = [
            "--trace", try log.trace(requests).path, "--profile", profile.path, "--binding", "early", "--kv",
            "on-demand",
            "--schedule", try ScheduleFile.constant(log.replicas).path, "--jobs", "1",
        ]
        let json = try Places.scratchFile("published/run.json")
        let document = try TidewayProcess.backtest(arguments, json: json).document
        guard let run = document.runs.first, let ttft = run.ttftMeanSeconds, let tpot = run.itlMeanSeconds,
            let p99 = run.ttftSeconds?.p99
        else { throw BenchmarkError("the simulation of \(log.name) answered nothing") }
        let measured = requests.map(\.ttft).sorted()
        return Replay(
            log: log, profile: try JSONDecoder().decode(ProfileDocument.self, from: Data(contentsOf: profile)),
            requests: requests.count, preemptions: run.preemptions ?? 0,
            ttft: (Statistics(measured).mean, ttft),
            // The simulator's definition of a percentile for both.
            ttftP99: (measured[Int((0.99 * Double(measured.count - 1)).rounded(.up))], p99),
            tpot: (Statistics(requests.map(\.tpot)).mean, tpot))
    }

    private static func error(_ pair: (measured: Double, simulated: Double)) -> Double {
        pair.simulated / pair.measured - 1
    }

    // MARK: The page

    var lines: [String] {
        var lines = [
            "## Logs of vLLM, replayed", "",
            "LLMServingSim's logs of vLLM 0.19 (300 requests of ShareGPT each): arrivals and lengths replayed on a profile that is fitted to",
            "measured kernels alone, with blocks of memory on demand and pre-emption by recompute. Nothing is fitted to the logs.",
            "",
        ]
        lines += Text.head([
            "log", "mean TTFT ms: measured, simulated", "%", "99th TTFT ms: measured, simulated", "%",
            "mean TPOT ms: measured, simulated", "%", "pre-empted", "to reach: 12, 12, 7 %",
        ])
        for replay in replays {
            lines.append(
                Text.row([
                    replay.log.name, pair(replay.ttft, 0), Percent.signed(Self.error(replay.ttft)),
                    pair(replay.ttftP99, 0), Percent.signed(Self.error(replay.ttftP99)), pair(replay.tpot, 1),
                    Percent.signed(Self.error(replay.tpot)), "\(replay.preemptions)",
                    replay.log.isJudged ? Percent.verdict(replay.isReached) : "not judged",
                ]))
        }
        lines += ["", "The profiles:", ""] + Text.head(["log", "c0 ms", "c1 us", "c2 ns", "c3 us", "c4 ms", "c6 us"])
        for replay in replays { lines.append(coefficients(replay)) }
        return lines
    }

    private func pair(_ pair: (measured: Double, simulated: Double), _ digits: Int) -> String {
        Text.number(pair.measured * 1000, digits) + ", " + Text.number(pair.simulated * 1000, digits)
    }

    private func coefficients(_ replay: Replay) -> String {
        let profile = replay.profile
        let scaled = [
            profile.c0 * 1e3, profile.c1 * 1e6, profile.c2 * 1e9, profile.c3 * 1e6, profile.c4 * 1e3,
            (profile.c6 ?? 0) * 1e6,
        ]
        return Text.row([replay.log.name] + scaled.map { Text.number($0, 1) })
    }
}
