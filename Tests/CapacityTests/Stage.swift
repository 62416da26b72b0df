import Capacity
import Fleet
import Performance

extension PerformanceProfile {
    /// 8b-a100 of the reference plant.
    static let a100 = PerformanceProfile(
        name: "8b-a100", accelerators: 1, decode: (c0: 0.01414, c1: 92.8e-6, c2: 124.4e-9),
        prefill: (c3: 63.1e-6, c4: 0.008), chunkTokens: 512, maxBatch: 256, kvTokens: 430_000, backlogSeconds: 0.25,
        power: .assumed, price: Price(perAcceleratorHour: 2.73))
}

/// Lengths like those of a conversation service: both spread over a factor of twenty, answers independent of prompts.
let conversation: [RequestLengths] = (0..<40).flatMap { prompt in
    (0..<40).map { answer in
        let tokens = { (step: Int, least: Double) in (least * Double(1 + step % 20) + Double(step)).rounded() }
        return RequestLengths(
            promptTokens: tokens(prompt, 100), uncachedTokens: tokens(prompt, 100), outputTokens: tokens(answer, 20))
    }
}

let conversationClasses = RequestClasses(conversation, longPromptTokens: 4096)

func objective(ttft: Double = 1, itl: Double = 0.05, _ attainment: Double = 0.99) -> ServiceLevelObjective {
    ServiceLevelObjective(
        limits: .tokens(ttft: .seconds(ttft), itl: .seconds(itl)), attainmentTarget: attainment)
}
