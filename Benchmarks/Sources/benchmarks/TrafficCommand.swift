internal import ArgumentParser
internal import Foundation

/// A few policies on rates that were measured elsewhere: what serves the hours of one trace well need not serve other traffic.
struct TrafficCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic",
        abstract: "Run a few policies untuned on ten other services' traffic. Takes a quarter of an hour.",
        discussion: "Needs python3, which writes the series (forecasting/series.py).")

    private struct Table {
        var title: String
        var rows: URL
        var profile: String
        var startUp: Int
    }

    /// Requests per second of each service on average, by scaling: some five replicas.
    private static let meanRate = 24.0
    private static let policies = [
        "tideway", "forecast", "hpa", "wva-v2", "static", "tideway+slo", "forecast+slo", "static+slo",
    ]
    private static let tables = [
        Table(
            title: "Conversation, 8b-a100, 60 s", rows: Places.azureConversation, profile: "8b-a100", startUp: 60),
        Table(title: "Code, 32b-fp8-h100, 180 s", rows: Places.azureCode, profile: "32b-fp8-h100", startUp: 180),
    ]

    @Option(help: "Seeds of start-up times.")
    var seeds = 2

    func run() throws {
        let folder = Places.scratch.appending(path: "traffic/series")
        try TidewayProcess.runTool(
            "python3", [Places.package.appending(path: "forecasting/series.py").path, Places.data.path, folder.path])
        let jobs = try MeasuredSeries.all(in: folder.appending(path: "faro-jobs"))
        var lines = [
            "# Traffic of other services", "",
            "`benchmarks traffic`: the ten jobs of Faro (nine Azure Functions of 2019 and tweets, six hours by the minute), each scaled",
            "to \(Int(Self.meanRate)) requests a second on average, Poisson within the minute, with request sizes of the Azure traces of 2023; after 20",
            "minutes of warm-up; untuned, \(seeds) seeds. Some have jobs on the clock (3 and 7: each quarter of an hour), some bursts of a minute or two",
            "once or twice an hour (1, 5, 8), some long waves (2, 9). Each cell: requests within their limits, and accelerator-hours as a",
            "multiple of those of the clairvoyant, who serves first come, first served. `static` is the best constant fleet of hindsight.",
        ]
        for table in Self.tables { lines += try self.lines(of: table, jobs) }
        try Places.writeResult("traffic.md", lines.joined(separator: "\n") + "\n")
    }

    private func lines(of table: Table, _ jobs: [MeasuredSeries]) throws -> [String] {
        var lines = ["", "## \(table.title)", ""] + Text.head(["job"] + Self.policies)
        var columns = Self.policies.map { _ in [(attainment: Double, ratio: Double)]() }
        for (index, job) in jobs.enumerated() {
            let cells = try cells(job, table)
            for column in cells.indices { columns[column].append(cells[column]) }
            lines.append(Text.row(["\(index)"] + cells.map(text)))
            print(lines[lines.count - 1])
        }
        let means = columns.map { column in
            text((Statistics(column.map(\.attainment)).mean, Statistics(column.map(\.ratio)).mean))
        }
        let reached = columns.map { column in "\(column.count { $0.attainment >= 98.95 })" }
        return lines + [Text.row(["mean"] + means), Text.row(["of ten at 99 %"] + reached)]
    }

    private func cells(_ job: MeasuredSeries, _ table: Table) throws -> [(attainment: Double, ratio: Double)] {
        let trace = try Places.scratchFile("traffic/trace.csv.gz")
        let known = job.values.compactMap { $0 }
        let scale = Self.meanRate * job.step / Statistics(known).mean
        try TidewayProcess.run([
            "trace", "transform", job.file.path, "--unit", "count", "--scale", "\(scale)", "--rows-from",
            table.rows.path, "--out", trace.path,
        ])
        let document = try TidewayProcess.backtest(
            [
                "--trace", trace.path, "--warm-up", "20m", "--profile", table.profile, "--start-up",
                "\(table.startUp)", "--policy", Self.policies.joined(separator: ","), "--seeds", "\(seeds)",
            ], json: try Places.scratchFile("traffic.json")
        ).document
        return Self.policies.map { policy in
            let runs = document.runs.filter { $0.policy == policy }
            return (
                Statistics(runs.map { $0.attainment * 100 }).mean,
                Statistics(runs.compactMap(\.ratioToClairvoyant)).mean
            )
        }
    }

    private func text(_ cell: (attainment: Double, ratio: Double)) -> String {
        "\(Text.number(cell.attainment, 1)) %, \(Text.number(cell.ratio, 2)) x"
    }
}
