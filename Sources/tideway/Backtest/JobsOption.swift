internal import ArgumentParser
internal import Foundation

/// How many simulations run at a time.
struct JobsOption: ParsableArguments {
    @Option(help: "Simulations at a time (default: all cores).")
    var jobs: Int?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs \(jobs) must be at least 1.") }
    }

    func work(showing progress: ProgressBar) -> ParallelWork {
        ParallelWork(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, progress: progress)
    }
}
