internal import Foundation

/// A run of the program as a subprocess.
enum TidewayProcess {
    /// What one run took.
    struct Usage {
        var wallSeconds: Double
        /// The largest resident memory of any child so far.
        var peakBytes: Int
    }

    /// Runs the program to its end; its table is thrown away, its errors are shown.
    ///
    /// - Parameter arguments: as a user types them.
    /// - Returns: time and memory.
    /// - Throws: `BenchmarkError` when it is not there or fails.
    @discardableResult
    static func run(_ arguments: [String]) throws -> Usage {
        guard FileManager.default.isExecutableFile(atPath: Places.tideway.path) else {
            throw BenchmarkError(
                "there is no program at \(Places.tideway.path); build it with 'make build', or set TIDEWAY")
        }
        let process = Process()
        process.executableURL = Places.tideway
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        let started = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        let elapsed = ContinuousClock.now - started
        guard process.terminationStatus == 0 else {
            throw BenchmarkError(
                "it ended with \(process.terminationStatus): tideway \(arguments.joined(separator: " "))")
        }
        return Usage(wallSeconds: elapsed / .seconds(1), peakBytes: peakBytesOfChildren())
    }

    /// Runs another program, found by `PATH`, to its end.
    ///
    /// - Throws: `BenchmarkError` when it fails or is not there.
    static func runTool(_ name: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError(
                "it ended with \(process.terminationStatus): \(name) \(arguments.joined(separator: " "))")
        }
    }

    /// Runs `tideway backtest` and reads the JSON that it writes.
    static func backtest(_ arguments: [String], json: URL) throws -> (document: BacktestDocument, usage: Usage) {
        let usage = try run(["backtest"] + arguments + ["--json", json.path])
        return (try BacktestDocument(contentsOf: json), usage)
    }

    private static func peakBytesOfChildren() -> Int {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
            return usage.ru_maxrss * 1024
        #else
            getrusage(RUSAGE_CHILDREN, &usage)
            return usage.ru_maxrss
        #endif
    }
}

/// Something that keeps a benchmark from running.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
