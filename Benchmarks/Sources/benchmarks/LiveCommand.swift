internal import ArgumentParser
internal import Foundation

/// Whether the live loop does what the simulator says.
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Run the demonstration live, and compare it with the simulation of the same requests.")

    /// Attainment agrees within so much.
    static let attainmentTolerance = 0.01
    /// Share of the hours.
    static let hoursTolerance = 0.05
    /// What the demonstration has to reach.
    static let attainmentTarget = 0.99
    static let savingShareTarget = 0.6

    @Option(help: "Seeds of the requests, one run of two minutes each.")
    var seeds = 1

    func validate() throws {
        guard (1...20).contains(seeds) else {
            throw ValidationError("--seeds \(seeds) must be at least 1 and at most 20.")
        }
    }

    func run() throws {
        var lines = [
            "# Live against simulated", "",
            "`benchmarks live` on \(Text.processor): the traffic of `tideway demo` on emulated accelerators, and the simulation of",
            "the same requests with the same policy, order of dispatch and start-up time: the mean over ten moments within a",
            "second at which its decisions may begin, and the range of attainment over them. Attainment agrees within 1 point,",
            "accelerator-hours within 5 %. The demonstration has to serve 99 % well and to reach 60 % of the saving of the",
            "clairvoyant, which serves first come, first served, as in costs.md.", "",
        ]
        lines += Text.head([
            "seed", "workload", "attainment % live / simulated", "simulated from to", "",
            "accelerator-hours live / simulated", "", "saved %", "share of the clairvoyant's saving %",
        ])
        var misses: [String] = []
        for seed in 1...seeds {
            let document = try demo(seed: seed)
            for line in document.workloads + [document.total] {
                lines.append(row(line, seed: seed))
                if !(line.agreesInAttainment && line.agreesInHours) {
                    misses.append("seed \(seed), \(line.id): live and simulated differ")
                }
            }
            let total = document.total
            let isReached =
                total.attainment >= Self.attainmentTarget && total.savingShare ?? 0 >= Self.savingShareTarget
            print("seed \(seed): \(isReached ? "reaches" : "misses") the demonstration's figures")
            if !isReached { misses.append("seed \(seed): the demonstration's figures") }
        }
        lines += ["", misses.isEmpty ? "All reached." : "Missed: \(misses.joined(separator: "; "))."]
        try Places.writeResult("live.md", lines.joined(separator: "\n") + "\n")
        if !misses.isEmpty { throw ExitCode.failure }
    }

    private func demo(seed: Int) throws -> DemoDocument {
        let json = try Places.scratchFile("live-\(seed).json")
        var arguments = ["demo", "--seed", "\(seed)", "--json", json.path]
        if FileManager.default.fileExists(atPath: Places.azureCode.path) {
            arguments += ["--trace", Places.azureCode.path]
        }
        try TidewayProcess.run(arguments)
        return try DemoDocument(contentsOf: json)
    }

    private func row(_ line: DemoDocument.Line, seed: Int) -> String {
        let cells = [
            "\(seed)", line.id,
            Text.number(line.attainment * 100, 2) + " / " + Text.number(line.simulatedAttainment * 100, 2),
            Text.number(line.simulatedAttainmentMin * 100, 1) + " to "
                + Text.number(line.simulatedAttainmentMax * 100, 1),
            line.agreesInAttainment ? "ok" : "differs",
            Text.number(line.acceleratorHours, 4) + " / " + Text.number(line.simulatedAcceleratorHours, 4),
            line.agreesInHours ? "ok" : "differs", line.saving.map { Text.number($0 * 100, 0) } ?? "-",
            line.savingShare.map { Text.number($0 * 100, 0) } ?? "-",
        ]
        print(cells.joined(separator: "  "))
        return Text.row(cells)
    }
}

extension DemoDocument.Line {
    fileprivate var agreesInAttainment: Bool {
        abs(attainment - simulatedAttainment) <= LiveCommand.attainmentTolerance
    }

    fileprivate var agreesInHours: Bool {
        abs(acceleratorHours - simulatedAcceleratorHours) <= LiveCommand.hoursTolerance * simulatedAcceleratorHours
    }
}
