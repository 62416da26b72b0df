import Sampling
import Testing
import Traces

/// Damaged files end in a trace or in a message, never in a trap.
struct MutatedInputTests {
    private static let samples = [
        "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.03,3180,8\r\n",
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,\"a,b\"\n45,GPT-4,1,2,3,x\n",
        "timestamp,prompt_tokens,output_tokens,session\n1700000000.5,10,20,a\n1.7e9,1,2,b\n",
        "{\"timestamp\": 0, \"input_length\": 1200, \"output_length\": 52, \"hash_ids\": [1, 2, 3]}\n{\"timestamp\": 9}\n",
        "timestamp_utc,rpm_low,rpm_high,rpm_mid\n2024-05-10T00:00:00,100,300,200\n2024-05-10T00:05:00,100,40000,200\n",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"a\":\"b\"},\"values\":[[1,\"20000\"],[2,\"30000\"]]}]}}",
    ]

    @Test(arguments: samples.indices)
    func mutated_anySeed_neverTraps(sample: Int) {
        let alphabet = Array("0123456789,:;-+.eE\"{}[]\\ \n\r\tTZnax\u{e9}".utf8)
        var outcomes: [Bool: Int] = [:]
        for seed in 0..<150 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var bytes = Array(Self.samples[sample].utf8)
            for _ in 0...(seed % 4) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                switch seed % 3 {
                case 0: bytes[index] = byte
                case 1: bytes.insert(contentsOf: repeatElement(byte, count: 1 + seed % 40), at: index)
                default: bytes.removeSubrange(index..<min(index + 1 + seed % 9, bytes.count))
                }
                if bytes.isEmpty { break }
            }
            outcomes[isRead(bytes, skipsBadRows: seed % 2 == 0), default: 0] += 1
        }
        // Both ends occur, so the mutations are neither harmless nor always fatal.
        #expect(outcomes[true, default: 0] > 0 && outcomes[false, default: 0] > 0)
    }

    private func isRead(_ bytes: [UInt8], skipsBadRows: Bool) -> Bool {
        let options = TraceReadingOptions(promptTokens: 1, outputTokens: 1, skipsBadRows: skipsBadRows)
        do {
            var reader = TraceReader(file: "m.csv", options: limited(options))
            var failure: TraceError?
            bytes.withUnsafeBufferPointer { block in
                do throws(TraceError) { try reader.feed(block) } catch { failure = error }
            }
            if let failure { throw failure }
            _ = TraceSummary(try reader.finish(name: "m").trace)
            return true
        } catch {
            return false
        }
    }

    /// Keeps a mutated rate from becoming millions of requests.
    private func limited(_ options: TraceReadingOptions) -> TraceReadingOptions {
        var options = options
        options.rate.scale = 1e-4
        options.rate.window = 0..<1e3
        return options
    }

    @Test(arguments: ["9999-01-01 00:00:00", "1e300", "-1e300", "1e12345", "99999999999999999999", "0000-00-00"])
    func extremeTimestamps_areErrors(time: String) {
        let message = errorMessage("timestamp,prompt_tokens,output_tokens\n\(time),1,1\n")
        #expect(message.hasPrefix("a.csv:2:1: timestamp: found \"\(time)\""))
    }
}
