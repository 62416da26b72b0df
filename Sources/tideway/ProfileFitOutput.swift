internal import ArgumentParser
internal import Fleet
internal import Foundation
internal import Performance
internal import Profiles

/// What a profile says besides the fitted coefficients.
struct FitOutputOptions: ParsableArguments {
    @Option(help: "Write the profile to this file.", completion: .file())
    var out: String?
    @Option(help: "The profile's name.")
    var name: String?
    @Option(help: "Tokens of context that fit in memory; computed for known models and accelerators.")
    var kvTokens: Int?
    @Option(help: "Bytes per parameter of the weights: 2 for 16 bits, 1 for 8.")
    var weightBytes = 2.0
    @Option(help: "Requests running at once at most.")
    var maxBatch = 256
    @Option(help: "Prompt tokens prefilled in one step; the largest power of two under 35 ms unless given.")
    var chunk: Double?
    @Option(help: "Price of one accelerator for an hour; a median for A100 and H100 unless given.")
    var price: Double?
    @Option(help: "Measured watts of one accelerator: idle,busy,per-sequence. Assumed unless given.")
    var power: String?
    @Flag(help: "The watts of --power were measured on another model or accelerator.")
    var powerAssumed = false
    @Option(help: "Where the numbers come from, in a sentence; the fit's error is added.")
    var origin: String?

    func validate() throws {
        guard out == nil || name?.isEmpty == false else { throw ValidationError("--out needs --name") }
        guard maxBatch >= 1, kvTokens ?? 1 >= 1, chunk ?? 1 >= 1 else {
            throw ValidationError("--max-batch, --kv-tokens and --chunk are at least 1")
        }
        guard weightBytes > 0, price ?? 0 >= 0 else {
            throw ValidationError("--weight-bytes is above zero, --price zero or more")
        }
    }

    /// Writes the profile, where a file was named, and says so.
    func write(_ fit: ProfileFit, setups: [BenchmarkRow.Setup], accelerators: Int?) throws {
        guard let path = out else {
            return print("\nNothing written; add --out FILE.json for a profile.")
        }
        let profile = try profile(fit, setups: setups, accelerators: accelerators)
        do {
            try ProfileWriter.json(profile).write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError("\(path): cannot be written: \(error.localizedDescription)")
        }
        print("\nWrote \(path). Try it: tideway profile show \(path)")
    }

    func profile(
        _ fit: ProfileFit, setups: [BenchmarkRow.Setup], accelerators given: Int?
    ) throws -> PerformanceProfile {
        guard fit[.c0] > 0 else { throw CommandError("c0 came out as zero, which no replica has; see the warnings") }
        let accelerators = given ?? setups.map(\.accelerators).max() ?? 0
        guard accelerators >= 1 else {
            throw CommandError(
                "the tables do not say over how many accelerators a replica is spread; add --accelerators")
        }
        return PerformanceProfile(
            name: name ?? "", accelerators: accelerators,
            decode: (rounded(fit[.c0]), rounded(fit[.c1]), rounded(fit[.c2])),
            prefill: (rounded(fit[.c3]), rounded(fit[.c4])), chunkTokens: chunkTokens(fit), maxBatch: maxBatch,
            kvTokens: try kvTokens(setups, accelerators), backlogSeconds: 0.25, power: try powerModel(),
            price: Price(perAcceleratorHour: try price(setups)),
            origin: [origin, "Fit: \(FitText.summary(fit))."].compactMap { $0 }.joined(separator: " "),
            c6: rounded(fit[.c6]))
    }

    /// Four digits: more than the fit's error warrants, and short to read.
    private func rounded(_ seconds: Double) -> Double { Double(String(format: "%.3e", seconds)) ?? seconds }

    private func chunkTokens(_ fit: ProfileFit) -> Double {
        chunk ?? fit.defaultChunkTokens
    }

    private func kvTokens(_ setups: [BenchmarkRow.Setup], _ accelerators: Int) throws -> Int {
        if let kvTokens { return kvTokens }
        let model = setups.lazy.compactMap { KVCapacity.Model.of($0.model) }.first
        let facts = setups.lazy.compactMap { AcceleratorFacts.of($0.hardware) }.first
        guard let model, let facts else {
            throw CommandError("the memory for context is not known for this model and accelerator; add --kv-tokens")
        }
        let capacity = KVCapacity(
            model: model, memoryGibibytes: facts.memoryGibibytes, accelerators: accelerators,
            bytesPerParameter: weightBytes)
        guard capacity.tokens > 0 else {
            throw CommandError("the weights of \(model.name) leave no memory for context; see --weight-bytes")
        }
        return capacity.tokens
    }

    private func price(_ setups: [BenchmarkRow.Setup]) throws -> Double {
        guard let price = price ?? setups.lazy.compactMap({ AcceleratorFacts.of($0.hardware)?.pricePerHour }).first
        else {
            throw CommandError("no price is known for this accelerator; add --price")
        }
        return price
    }

    private func powerModel() throws -> PerformanceProfile.PowerModel {
        guard let power else { return .assumed }
        let watts = power.split(separator: ",").compactMap { Double($0) }
        guard watts.count == 3, watts.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
            throw CommandError(
                "--power is three numbers of zero or more: idle,busy,per-sequence, such as 63,235,1.31")
        }
        return PerformanceProfile.PowerModel(
            idle: Power(watts: watts[0]), busy: Power(watts: watts[1]), perSequence: Power(watts: watts[2]),
            isAssumed: powerAssumed)
    }
}

extension ProfileFit {
    /// Seconds that prefill may add to a decode step: the plant's profiles have 24 to 32 ms.
    private static let mixedStepMax = 0.035

    /// The largest power of two of prompt tokens that adds at most 35 ms to a step.
    fileprivate var defaultChunkTokens: Double {
        let candidates = (7...13).map { Double(1 << $0) }
        return candidates.last { $0 * self[.c3] <= Self.mixedStepMax } ?? candidates[0]
    }

    /// A replica of these coefficients whose memory holds whatever comes: what a closed loop runs on.
    func loopProfile(concurrency: Int) -> PerformanceProfile {
        PerformanceProfile(
            name: "loop", accelerators: 1, decode: (self[.c0], self[.c1], self[.c2]), prefill: (self[.c3], self[.c4]),
            chunkTokens: defaultChunkTokens, maxBatch: concurrency, kvTokens: 1_000_000_000, backlogSeconds: 0,
            power: .assumed, price: Price(perAcceleratorHour: 0), c6: self[.c6])
    }
}
