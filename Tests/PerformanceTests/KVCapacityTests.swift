import Testing

@testable import Performance

@Suite struct KVCapacityTests {
    @Test func tokens_llama8BOnOneA100_areThePlants430Thousand() {
        let capacity = KVCapacity(model: .llama8B, memoryGibibytes: 80, accelerators: 1)
        // 2 tensors x 2 bytes x 32 layers x 8 heads x 128.
        #expect(capacity.model.kvBytesPerToken == 131_072)
        #expect(capacity.tokens == 430_000)
    }

    @Test func tokens_llama70BOnFourH100_areThePlants470Thousand() {
        let capacity = KVCapacity(model: .llama70B, memoryGibibytes: 80, accelerators: 4)
        #expect(capacity.model.kvBytesPerToken == 327_680)
        #expect(capacity.tokens == 470_000)
    }

    @Test func tokens_weightsOfEightBits_leaveRoomForMore() {
        let half = KVCapacity(model: .qwen32B, memoryGibibytes: 80, accelerators: 1, bytesPerParameter: 1)
        // 77.31 - 32.76 - 4.56 = 39.99 GB / 262,144 = 152,532.
        #expect(half.tokens == 150_000)
    }

    @Test func tokens_weightsThatDoNotFit_areZero() {
        #expect(KVCapacity(model: .llama70B, memoryGibibytes: 80, accelerators: 1).tokens == 0)
    }

    @Test(arguments: [
        ("meta-llama/Meta-Llama-3-8B", "Llama-3-8B"), ("llama2-70b", "Llama-70B"), ("Qwen/Qwen3-32B", "Qwen3-32B"),
        ("openai/gpt-oss-120b", "gpt-oss-120b"),
    ])
    func of_nameOfABenchmark_isTheModel(name: String, model: String) {
        #expect(KVCapacity.Model.of(name)?.name == model)
    }

    @Test func of_unknownName_isNil() {
        #expect(KVCapacity.Model.of("mistralai/Mistral-7B-v0.1") == nil)
    }
}
