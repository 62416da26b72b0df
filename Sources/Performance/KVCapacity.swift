/// How many tokens of context a replica's memory holds: `0.9 x memory - weights - activations`, keys and values in 16 bits
/// (reference plant, section 8).
package struct KVCapacity: Hashable, Sendable {
    /// What of a model's configuration takes memory.
    package struct Model: Hashable, Sendable {
        package var name: String
        /// Parameters in units of one.
        package var parameters: Double
        package var layers: Int
        /// Key and value heads, fewer than query heads under grouped-query attention.
        package var kvHeads: Int
        package var headDimension: Int

        /// Bytes of keys and values per token: two tensors of 2 bytes per layer, head and dimension.
        package var kvBytesPerToken: Double { Double(2 * 2 * layers * kvHeads * headDimension) }

        package static let llama8B = Model(
            name: "Llama-3-8B", parameters: 8.03e9, layers: 32, kvHeads: 8, headDimension: 128)
        package static let llama70B = Model(
            name: "Llama-70B", parameters: 70.55e9, layers: 80, kvHeads: 8, headDimension: 128)
        package static let qwen32B = Model(
            name: "Qwen3-32B", parameters: 32.76e9, layers: 64, kvHeads: 8, headDimension: 128)
        /// Half of its layers see but 128 tokens, so their keys and values, which are counted here, are an upper bound.
        package static let gptOSS120B = Model(
            name: "gpt-oss-120b", parameters: 116.8e9, layers: 36, kvHeads: 8, headDimension: 64)

        /// The model that a benchmark's name means, such as `meta-llama/Meta-Llama-3-8B`; nil when it is not known.
        package static func of(_ name: String) -> Model? {
            let name = name.lowercased()
            let isLlama = name.contains("llama")
            return switch true {
            case isLlama && name.contains("-8b"): llama8B
            case isLlama && name.contains("-70b"): llama70B
            case name.contains("qwen3-32b"): qwen32B
            case name.contains("gpt-oss-120b"): gptOSS120B
            default: nil
            }
        }

        /// - Parameters:
        ///   - name: what people call it.
        ///   - parameters: in units of one.
        ///   - layers: that have attention.
        ///   - kvHeads: key and value heads.
        ///   - headDimension: of each head.
        package init(name: String, parameters: Double, layers: Int, kvHeads: Int, headDimension: Int) {
            self.name = name
            self.parameters = parameters
            self.layers = layers
            self.kvHeads = kvHeads
            self.headDimension = headDimension
        }
    }

    /// Share of the memory that an engine takes (vLLM's default).
    static let memoryShare = 0.9
    /// Bytes besides weights and context: engine, graphs and communication buffers on each accelerator, and activations,
    /// which tensor parallelism splits. Both are set so that the plant's two figures come out.
    static let engineBytesPerAccelerator = 3 * gibibyte
    static let activationBytesPerReplica = 1.25 * gibibyte
    static let gibibyte = 1_073_741_824.0

    package var model: Model
    /// Of one accelerator, in bytes.
    package var memoryBytes: Double
    package var accelerators: Int
    /// 2 for 16 bits, 1 for 8, 0.53 for 4 with their scales.
    package var bytesPerParameter: Double

    /// - Parameters:
    ///   - model: what is served.
    ///   - memoryGibibytes: of one accelerator; an A100 or H100 of "80 GB" has 80.
    ///   - accelerators: over which a replica is spread.
    ///   - bytesPerParameter: of the weights as they are kept.
    package init(model: Model, memoryGibibytes: Double, accelerators: Int, bytesPerParameter: Double = 2) {
        self.model = model
        memoryBytes = memoryGibibytes * Self.gibibyte
        self.accelerators = accelerators
        self.bytesPerParameter = bytesPerParameter
    }

    /// Bytes left for context; below zero when the weights alone do not fit.
    package var contextBytes: Double {
        let memory = Self.memoryShare * memoryBytes * Double(accelerators)
        let weights = model.parameters * bytesPerParameter
        let besides = Self.engineBytesPerAccelerator * Double(accelerators) + Self.activationBytesPerReplica
        return memory - weights - besides
    }

    /// Tokens of context, rounded to ten thousands because the memory beside it is not known better; zero when nothing fits.
    ///
    /// Llama-3-8B on one A100 of 80 GiB: 77.31 - 16.06 - 4.56 = 56.69 GB; / 131,072 bytes a token = 432,483, so 430,000.
    /// 70B on four H100: 309.24 - 141.10 - 14.23 = 153.91 GB; / 327,680 = 469,698, so 470,000.
    package var tokens: Int {
        Int(max(contextBytes / model.kvBytesPerToken / 10_000, 0).rounded()) * 10_000
    }
}
