import Foundation
import Testing

/// `tideway forecast` as a user runs it.
struct ForecastCommandTests {
    private let program: Program

    init() throws { program = try Program() }

    private func tideway(_ arguments: String...) throws -> Program.Outcome { try program.run(["forecast"] + arguments) }

    /// A day that repeats, and a small part that does so every 11 steps, in steps of 5 minutes; `extra` ends each row.
    private func days(_ count: Int, extra: (Int) -> String = { _ in "" }, head: String = "timestamp,value") -> String {
        let rows = (0..<count * 288).map { index -> String in
            let value = 50 + 40 * sin(2 * Double.pi * Double(index) / 288) + Double(index * 7 % 11)
            return "\(index * 300),\(value)\(extra(index))"
        }
        return ([head] + rows).joined(separator: "\n") + "\n"
    }

    @Test func rates_areForecastScoredAndWritten() throws {
        defer { program.remove() }
        try program.write(days(7), to: "rates.csv")
        let outcome = try tideway(
            "--input", "rates.csv", "--horizon", "30m", "--quantiles", "0.9,0.5", "--origins", "10", "--json", "f.json",
            "--csv", "f.csv", "--html", "f.html")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("2,016 samples of value every 5m; repeats every 55m and 1d"))
        #expect(outcome.output.contains("now, and 30m ahead"))
        #expect(outcome.output.contains("value a period ago"))
        #expect(outcome.output.contains("10 forecasts, the first after 1,008 samples"))
        let table = try program.text("f.csv").split(separator: "\n")
        #expect(table.first == "time_s,mean,q0.5,q0.9")
        #expect(table.count == 7)
        let json = try program.json("f.json")
        #expect((json["forecast"] as? [Any])?.count == 6)
        #expect((json["origins"] as? [Any])?.count == 10)
        let scores = try #require(json["scores"] as? [[String: Any]])
        let losses = scores.compactMap { $0["scaled_pinball_loss"] as? Double }
        #expect(losses.count == 3)
        #expect(losses[0] < losses[1])
        let page = try program.text("f.html")
        #expect(!page.contains("<!-- "))
        #expect(page.contains("uPlot 1.6.32"))
    }

    @Test func noise_hasABandInTheChart() throws {
        defer { program.remove() }
        var state = 1
        let rows = (0..<400).map { index -> String in
            state = (state * 48_271) % 2_147_483_647
            return "\(index * 300),\(state % 1000)"
        }
        try program.write("timestamp,value\n" + rows.joined(separator: "\n") + "\n", to: "noise.csv")
        let outcome = try tideway("--input", "noise.csv", "--quantiles", "0.1,0.9")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("░"), "\(outcome.output)")
    }

    @Test func sameFile_isForecastTheSame() throws {
        defer { program.remove() }
        try program.write(days(2), to: "rates.csv")
        let first = try tideway("--input", "rates.csv")
        #expect(first.status == 0, "\(first.notes)")
        #expect(first.output == (try tideway("--input", "rates.csv")).output)
    }

    @Test func requests_areCounted() throws {
        defer { program.remove() }
        let rows = (0..<3_000).map { "\(Double($0) / 5),100,10" }.joined(separator: "\n")
        try program.write("timestamp,prompt_tokens,output_tokens\n\(rows)\n", to: "trace.csv")
        let outcome = try tideway("--input", "trace.csv", "--horizon", "1m", "--csv", "f.csv")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("requests/s every 10s"))
        #expect(outcome.output.contains("prompt tokens/s"))
        let last = try #require(try program.text("f.csv").split(separator: "\n").last).split(separator: ",")
        #expect(abs((Double(last[1]) ?? 0) - 5) < 0.01)
    }

    @Test func prometheusAnswer_isRead() throws {
        defer { program.remove() }
        let values = (0..<60).map { "[\(1_700_000_000 + $0 * 60),\"\($0 % 2 + 3)\"]" }.joined(separator: ",")
        try program.write(
            #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":["# + values + "]}]}}",
            to: "answer.json")
        let outcome = try tideway("--input", "answer.json", "--horizon", "5m")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("60 samples of value every 1m"))
    }

    @Test func columnAndCalendar_areUsed() throws {
        defer { program.remove() }
        let rows = (0..<620).map { index -> String in
            let sale = index / 7 % 5 == 0 ? 1 : 0
            return "\(index * 60),\(index < 600 ? "\(10 + 90 * sale)" : ""),\(sale),3"
        }
        try program.write("timestamp,load,sale,other\n\(rows.joined(separator: "\n"))\n", to: "table.csv")
        let outcome = try tideway(
            "--input", "table.csv", "--column", "load", "--calendar", "sale", "--covariates", "other", "--horizon",
            "20m",
            "--csv", "f.csv")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("600 samples of load every 1m"))
        let means = try program.text("f.csv").split(separator: "\n").dropFirst().map {
            Double($0.split(separator: ",")[1]) ?? 0
        }
        for (index, mean) in means.enumerated() {
            let expected = (600 + index) / 7 % 5 == 0 ? 100.0 : 10
            #expect(abs(mean - expected) < 20, "step \(index)")
        }
    }

    @Test func negativeValuesAndGaps_areForecast() throws {
        defer { program.remove() }
        let rows = (0..<200).map { "\($0 * 60),\($0 % 5 == 2 ? "" : "\(-10 - $0 % 3)")" }
        try program.write("timestamp,value\n\(rows.joined(separator: "\n"))\n", to: "n.csv")
        let outcome = try tideway("--input", "n.csv", "--horizon", "5m", "--csv", "f.csv")
        #expect(outcome.status == 0, "\(outcome.notes)")
        #expect(outcome.output.contains("40 of 200 steps have no value; they are gaps."))
        let last = try #require(try program.text("f.csv").split(separator: "\n").last).split(separator: ",")
        #expect(try #require(Double(last[1])) < -9)
    }

    @Test func oneSample_needsAStepAndHasNoQuantiles() throws {
        defer { program.remove() }
        try program.write("timestamp,value\n0,5\n", to: "one.csv")
        let without = try tideway("--input", "one.csv")
        #expect(without.status != 0)
        #expect(without.notes.contains("one sample does not tell the time between samples. Give --step."))
        let with = try tideway("--input", "one.csv", "--step", "1m", "--horizon", "2m")
        #expect(with.status == 0, "\(with.notes)")
        #expect(with.output.contains("Too few samples for quantiles"))
        #expect(with.output.contains("too short to score"))
    }

    @Test(arguments: [
        ("timestamp,value\n", [], "there is no value in it"),
        ("timestamp,value\n0,\n60,\n", [], "there is no value in it"),
        ("timestamp,value\n0,x\n", [], "n.csv:2:3: value: found \"x\", expected a number, or nothing"),
        ("timestamp,value\n0,1\n60,2\n", ["--column", "load"], "found the columns timestamp, value, expected load"),
        ("timestamp,value\n0,1\n60,2\n", ["--covariates", "sale"], "expected sale"),
        ("timestamp,a,b\n0,1,2\n60,2,3\n", ["--format", "rate"], "Name the column to forecast with --column."),
        ("timestamp,value\n0,1\n3600,2\n", [], "--horizon 30m is shorter than a step of the series (1h)"),
        ("timestamp,value\n0,1\n1,2\n", [], "Give a longer --step."),
        ("timestamp,value\n0,1\n60,2\n", ["--quantiles", "0.5,1"], "must be numbers above 0 and below 1"),
        ("timestamp,value\n0,1\n60,2\n", ["--origins", "-1"], "--origins"),
    ])
    func mistakes_areToldWithTheirRemedy(text: String, more: [String], message: String) throws {
        defer { program.remove() }
        try program.write(text, to: "n.csv")
        var arguments = ["forecast", "--input", "n.csv"] + more
        if message == "Give a longer --step." { arguments += ["--horizon", "2h"] }
        let outcome = try program.run(arguments)
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains(message), "\(outcome.notes)")
    }

    @Test func missingFile_isNamed() throws {
        defer { program.remove() }
        let outcome = try tideway("--input", "nowhere.csv")
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains("nowhere.csv: cannot be opened"))
    }
}
