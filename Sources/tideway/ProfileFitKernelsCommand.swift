internal import ArgumentParser
internal import Foundation
internal import Performance
internal import Profiles
internal import Sampling

/// `tideway profile fit-kernels`: from times of single layers to a profile, without running an engine under load.
struct ProfileFitKernelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit-kernels", abstract: "Fit a profile to measured times of single layers.",
        discussion: """
            Reads the tables that LLMServingSim's profiler writes for one layer of a model (dense, per_sequence, attention, \
            moe), puts them together into random steps of an engine, and fits the profile to those.

            Example: tideway profile fit-kernels perf/RTX4090/meta-llama/Llama-3.1-8B/bf16/tp1 --layers 32 --kv-tokens 41408 \
            --price 0.5 --name 8b-4090 --out 8b-4090.json
            """)

    @Argument(help: "The folder that holds the tables.", completion: .directory)
    var folder: String

    @Option(help: "Layers of the model.")
    var layers: Int

    @Option(help: "Accelerators of one replica: with more than one, each layer has two all-reduces.")
    var accelerators = 1

    @Option(help: "Microseconds of an all-reduce besides its bytes.")
    var allReduceLatency = 20.0

    @Option(help: "GB/s at which an all-reduce moves the hidden state.")
    var linkBandwidth = 16.0

    @Option(help: "Size of the hidden state, of 2 bytes each; wanted for more than one accelerator.")
    var hiddenSize: Int?

    @Option(help: "Replicas over which the experts of a mixture are spread.")
    var expertParallel = 1

    @Option(
        help:
            "Tokens decoded and prefilled in one step at most: vLLM's max_num_batched_tokens, and the profile's chunk.")
    var stepTokens = 2048

    @Option(help: "Random steps that are fitted.")
    var steps = 3000

    @Option(help: "Seed of the random steps.")
    var seed: UInt64 = 1

    @Flag(
        help: "Fit c6 too: a part of each step that grows with the square root of the batch, as in mixtures of experts."
    )
    var c6 = false

    @OptionGroup(title: "The profile")
    var output: FitOutputOptions

    func validate() throws {
        guard layers >= 1, accelerators >= 1, expertParallel >= 1, steps >= 10 else {
            throw ValidationError(
                "--layers, --accelerators and --expert-parallel are at least 1, --steps at least 10")
        }
        guard stepTokens > output.maxBatch else {
            throw ValidationError("--step-tokens must be above --max-batch, or no prompt would ever be prefilled")
        }
        guard allReduceLatency >= 0, linkBandwidth > 0, hiddenSize ?? 1 >= 1 else {
            throw ValidationError("--all-reduce-latency is zero or more, --link-bandwidth and --hidden-size above zero")
        }
        guard accelerators == 1 || hiddenSize != nil else {
            throw ValidationError("--accelerators \(accelerators) exchange the hidden state: give --hidden-size")
        }
        guard output.out == nil || (output.kvTokens != nil && output.price != nil) else {
            throw ValidationError("--out needs --kv-tokens and --price, which these tables do not tell")
        }
    }

    func run() throws {
        let tables = try KernelTables(folder: folder, setting: setting)
        var generator = SeededGenerator(seed: seed)
        let measurements = tables.measurements(
            steps, sequencesMax: output.maxBatch, tokensMax: stepTokens, using: &generator)
        guard measurements.count == steps else {
            throw CommandError("\(folder): the tables have times for too few of the steps that an engine makes")
        }
        let fit = ProfileFit(measurements, options: .init(outlierScale: nil, hasSquareRoot: c6))
        FitText.report(fit).forEach { print($0) }
        var output = output
        output.chunk = output.chunk ?? Double(stepTokens)
        try output.write(fit, setups: [], accelerators: accelerators)
    }

    private var setting: KernelTables.Setting {
        var setting = KernelTables.Setting(layers: layers)
        setting.expertParallel = expertParallel
        if accelerators > 1 {
            setting.allReduceSeconds = allReduceLatency * 1e-6
            setting.allReduceSecondsPerToken = Double(2 * (hiddenSize ?? 0)) / (linkBandwidth * 1e9)
        }
        return setting
    }
}
