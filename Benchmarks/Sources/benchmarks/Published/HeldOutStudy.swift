internal import Foundation

/// aiconfigurator's measured points: each setup fitted without a part of its rows, and compared with that part; and its closed
/// loops simulated.
struct HeldOutStudy {
    /// A way to keep rows out, and the median errors to reach.
    private struct Goal {
        var holdOut: String
        var name: String
        var itlMax: Double
        var ttftMax: Double
    }

    private static let goals = [
        Goal(holdOut: "random", name: "random quarter", itlMax: 0.04, ttftMax: 0.15),
        Goal(holdOut: "inner-concurrency", name: "each inner concurrency", itlMax: 0.04, ttftMax: 0.15),
        Goal(holdOut: "top-concurrency", name: "top concurrency", itlMax: 0.08, ttftMax: 0.22),
        Goal(holdOut: "shape", name: "each prompt/output shape", itlMax: 0.08, ttftMax: 0.22),
    ]
    private static let goodError = 0.1
    private static let goodShareMin = 0.9
    private static let loopErrorMax = 0.07
    private static let loopSetups = 3

    private let model: EvaluationDocument
    /// The same without c6.
    private let plain: EvaluationDocument
    private let loops: [EvaluationDocument.Setup]

    init() throws {
        let table = Places.data.appending(path: "profiles/aiconfigurator/silicon_sample.csv.gz")
        func evaluate(_ name: String, _ arguments: [String]) throws -> EvaluationDocument {
            let json = try Places.scratchFile(name)
            try TidewayProcess.run(["profile", "evaluate", table.path] + arguments + ["--json", json.path])
            return try EvaluationDocument(contentsOf: json)
        }
        model = try evaluate("evaluation.json", ["--c6", "on", "--closed-loop"])
        plain = try evaluate("evaluation-plain.json", ["--c6", "off"])
        loops = Array(
            model.setups.filter { $0.isDense && !$0.closedLoops.isEmpty }.sorted {
                ($1.settings, $0.model, $0.hardware) < ($0.settings, $1.model, $1.hardware)
            }.prefix(Self.loopSetups))
    }

    var isReached: Bool {
        Self.goals.allSatisfy(isReached) && goodShare >= Self.goodShareMin
            && loops.allSatisfy { loopError($0).median <= Self.loopErrorMax }
    }

    private func isReached(_ goal: Goal) -> Bool {
        spread(model, goal, "itl").median <= goal.itlMax && spread(model, goal, "ttft").median <= goal.ttftMax
    }

    private func spread(
        _ document: EvaluationDocument, _ goal: Goal, _ part: String,
        _ isTaken: (EvaluationDocument.Setup) -> Bool = { _ in true }
    ) -> Spread {
        Spread(document.setups.filter(isTaken).flatMap { $0.errors(goal.holdOut, part) })
    }

    /// Share of the setups whose median error of the time between tokens is small, a random quarter kept out.
    private var goodShare: Double {
        let medians = model.setups.map { Spread($0.errors("random", "itl")).median }
        return Double(medians.filter { $0 < Self.goodError }.count) / Double(medians.count)
    }

    private func loopError(_ setup: EvaluationDocument.Setup) -> Spread {
        Spread(
            setup.closedLoops.compactMap { loop in
                loop.measuredItlSeconds.map { abs(loop.simulatedItlSeconds / $0 - 1) }
            })
    }

    // MARK: The page

    var lines: [String] { introduction + table + share + loopLines }

    private var introduction: [String] {
        let settings = model.setups.reduce(0) { $0 + $1.settings }
        return [
            "## Times that the fit has not seen", "",
            "Measured closed loops of ai-dynamo/aiconfigurator (`silicon_sample`): \(model.setups.count) setups with at least 8 combinations",
            "of lengths and concurrency up to 256 in flight, \(settings) in all, repeats merged first. Each setup is fitted without a part of",
            "them, and compared with that part. Errors in %, median (and 90th percentile).", "",
        ]
    }

    private var table: [String] {
        var lines = Text.head([
            "kept out", "points", "TPOT", "to reach", "TTFT", "to reach", "", "dense: TPOT / TTFT",
            "mixtures: TPOT / TTFT",
            "without c6: TPOT / TTFT",
        ])
        for goal in Self.goals {
            let (itl, ttft) = (spread(model, goal, "itl"), spread(model, goal, "ttft"))
            lines.append(
                Text.row([
                    goal.name, "\(itl.count)", figures(itl), Percent.text(goal.itlMax, 0), figures(ttft),
                    Percent.text(goal.ttftMax, 0), Percent.verdict(isReached(goal)),
                    both(model, goal) { $0.isDense }, both(model, goal) { !$0.isDense },
                    both(plain, goal) { _ in true },
                ]))
        }
        return lines
    }

    private func figures(_ spread: Spread) -> String {
        "\(Percent.text(spread.median)) (\(Percent.text(spread.p90, 0)))"
    }

    private func both(
        _ document: EvaluationDocument, _ goal: Goal, _ isTaken: (EvaluationDocument.Setup) -> Bool
    ) -> String {
        figures(spread(document, goal, "itl", isTaken)) + " / " + figures(spread(document, goal, "ttft", isTaken))
    }

    private var share: [String] {
        [
            "",
            "Setups with a median TPOT error under 10 %, a random quarter kept out: \(Percent.text(goodShare)) % (to reach 90 %): "
                + "\(Percent.verdict(goodShare >= Self.goodShareMin)).",
        ]
    }

    private var loopLines: [String] {
        var lines = [
            "", "## Closed loops, simulated", "",
            "Ten requests for each in flight on the simulated replica, with the coefficients of all the setup's rows: the dense setups with",
            "the most rows. Mean times to first token depend on the client's first burst, which the data do not state; they are shown, not",
            "judged.", "",
        ]
        lines += Text.head(["setup", "points", "TPOT error %, median (90th)", "to reach", ""])
        for setup in loops {
            let error = loopError(setup)
            lines.append(
                Text.row([
                    name(setup), "\(error.count)", figures(error), Percent.text(Self.loopErrorMax, 0),
                    Percent.verdict(error.median <= Self.loopErrorMax),
                ]))
        }
        lines +=
            [""]
            + Text.head([
                "setup", "tokens in/out, in flight", "TPOT ms measured", "simulated", "TTFT ms measured", "simulated",
            ])
        for setup in loops { lines += setup.closedLoops.sorted(by: Self.isBefore).map { row(setup, $0) } }
        return lines
    }

    private static func isBefore(_ left: EvaluationDocument.Loop, _ right: EvaluationDocument.Loop) -> Bool {
        (left.promptTokens, left.outputTokens, left.concurrency) < (
            right.promptTokens, right.outputTokens, right.concurrency
        )
    }

    private func name(_ setup: EvaluationDocument.Setup) -> String {
        "\(setup.model) \(setup.precision), \(setup.framework), \(setup.hardware) \(setup.parallelism)"
    }

    private func row(_ setup: EvaluationDocument.Setup, _ loop: EvaluationDocument.Loop) -> String {
        func milliseconds(_ seconds: Double?) -> String { seconds.map { Text.number($0 * 1000, 1) } ?? "-" }
        return Text.row([
            setup.model, "\(Int(loop.promptTokens))/\(Int(loop.outputTokens)), \(Int(loop.concurrency))",
            milliseconds(loop.measuredItlSeconds), milliseconds(loop.simulatedItlSeconds),
            milliseconds(loop.measuredTtftSeconds), milliseconds(loop.simulatedTtftSeconds),
        ])
    }
}
