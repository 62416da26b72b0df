internal import ArgumentParser
internal import Foundation

/// How far the answers of `tideway capacity` are from simulated pools.
struct CapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capacity",
        abstract: "Compare what tideway capacity asks for with the least replicas that reach the target in simulation.",
        discussion: """
            Each case is kept in Benchmarks/out/capacity; started again, it goes on with what is missing. Delete the folder after a \
            change of the program.
            """)

    /// Pools whose rate under Poisson arrivals, times a factor, is asked for: the answers are about as large.
    private static let loads: [(pool: Int, factor: Double)] = [(2, 0.95), (4, 0.9), (16, 0.85), (32, 0.95), (64, 0.9)]
    private static let dispersions = [1.0, 4, 10]
    private static let orders = ["fcfs", "slo"]
    /// What is allowed: short by more than one in so many cells, percent.
    private static let shortMax = 5.0

    @Option(help: "Only cases whose name contains this; writes nothing.")
    var only: String?

    @Option(help: "Requests of one simulation, about.")
    var requests = 60_000

    func run() throws {
        var cells: [Cell] = []
        for item in CapacityCase.all where only.map({ item.name.contains($0) }) ?? true {
            for order in Self.orders {
                let found = try item.cells(order: order, loads: Self.loads, Self.dispersions, requests: requests)
                let short = found.filter(\.isShort).count
                let over = found.filter(\.isOver).count
                print("\(Text.padded(item.name + " " + order, 44)) \(found.count) cells, short \(short), over \(over)")
                cells += found
            }
        }
        guard only == nil else { return }
        try Places.writeResult("capacity.md", page(cells).joined(separator: "\n") + "\n")
    }

    // MARK: Page

    private func page(_ cells: [Cell]) -> [String] {
        var lines = [
            "# Capacity at the objective", "",
            "`benchmarks capacity`: replicas by `tideway capacity` (docs/capacity.md) beside the least that reach the target in simulation,",
            "found one by one. Arrivals have gamma gaps; rows are drawn from the lengths. Short: more than one replica too few. Over: more",
            "than one, and more than 10 %, too many. The answers come from the formula corrected by trials of pools of 2 to 128 under",
            "dispersions of 1, 4 and 16, with other gaps and rows, and fewer requests, than the check's.", "",
        ]
        lines += summary(cells, by: { $0.answered })
        lines += [
            "", "## The formula alone", "",
            "`--trial-requests 0`. Its constants were fitted to the cases marked *fitted* and some more; the others are held out: other lengths, profiles",
            "and limits. Tight: the limit between tokens is shorter than an iteration with prefill in it, so that a single prompt can make a short",
            "answer too slow.", "",
        ]
        lines += summary(cells.filter { $0.byFormula != nil }, by: { $0.byFormula ?? 0 })
        lines += ["", "## Cells", "", "Each cell: replicas asked for, corrected / least. Bold: short or over.", ""]
        lines += table(cells)
        lines += ["", "## Speed", ""] + speed(cells)
        return lines
    }

    private func summary(_ cells: [Cell], by answer: (Cell) -> Int) -> [String] {
        let cells = cells.map { cell in
            var cell = cell
            cell.answered = answer(cell)
            return cell
        }
        var lines = Text.head([
            "cases", "order", "cells", "short %", "to reach", "over %", "exact %", "within one %", "mean excess %",
        ])
        let parts: [(name: String, belongs: (CapacityCase) -> Bool)] = [
            ("all", { _ in true }), ("usual limits, held out", { !$0.isTight && !$0.isFitted }),
            ("usual limits, fitted", { !$0.isTight && $0.isFitted }),
            ("tight limits, held out", { $0.isTight && !$0.isFitted }),
            ("tight limits, fitted", { $0.isTight && $0.isFitted }),
        ]
        for part in parts {
            for order in Self.orders {
                let some = cells.filter { part.belongs($0.item) && $0.order == order }
                guard !some.isEmpty else { continue }
                func percent(_ holds: (Cell) -> Bool) -> String {
                    Text.number(Double(some.filter(holds).count) / Double(some.count) * 100, 1)
                }
                let excess = some.map { Double($0.excess) / Double($0.least) * 100 }.reduce(0, +) / Double(some.count)
                lines.append(
                    Text.row([
                        part.name, order, "\(some.count)", percent(\.isShort),
                        "at most \(Text.number(Self.shortMax, 0)), and 0 over", percent(\.isOver),
                        percent { $0.excess == 0 },
                        percent { abs($0.excess) <= 1 }, Text.number(excess, 1),
                    ]))
            }
        }
        return lines
    }

    private func table(_ cells: [Cell]) -> [String] {
        var lines = Text.head(["case", "order"] + Self.dispersions.map { "dispersion \(Text.number($0, 0))" })
        for item in CapacityCase.all {
            for order in Self.orders {
                let own = cells.filter { $0.item.name == item.name && $0.order == order }
                guard !own.isEmpty else { continue }
                let columns = Self.dispersions.map { dispersion in
                    own.filter { $0.dispersion == dispersion }.map(\.text).joined(separator: ", ")
                }
                lines.append(Text.row([item.name + (item.isFitted ? " *fitted*" : ""), order] + columns))
            }
        }
        return lines
    }

    private func speed(_ cells: [Cell]) -> [String] {
        let calls = cells.map(\.callMicroseconds).sorted()
        let prepare = cells.map(\.prepareSeconds).sorted()
        let formula = cells.map(\.formulaSeconds).sorted()
        guard let slowest = calls.last, let longest = prepare.last, let longestFormula = formula.last else { return [] }
        return [
            "On \(Text.processor), beside other work: a question takes \(Text.number(calls[calls.count / 2], 2)) microseconds "
                + "(the slowest case \(Text.number(slowest, 2))), preparing \(Text.number(prepare[prepare.count / 2], 1)) s "
                + "(\(Text.number(longest, 1))), the formula alone \(Text.number(formula[formula.count / 2] * 1e3, 0)) ms "
                + "(\(Text.number(longestFormula * 1e3, 0)))."
        ]
    }
}

/// One load of one case in one order.
struct Cell {
    var item: CapacityCase
    var order: String
    var dispersion: Double
    var answered: Int
    /// The answer without trials; nil where it has none.
    var byFormula: Int?
    var least: Int
    var callMicroseconds: Double
    var prepareSeconds: Double
    var formulaSeconds: Double

    var excess: Int { answered - least }
    var isShort: Bool { excess < -1 }
    var isOver: Bool { Double(excess) > max(1, 0.1 * Double(least)) }

    var text: String {
        let text = "\(answered)/\(least)"
        return isShort || isOver ? "**\(text)**" : text
    }
}
