import Testing

@testable import Capacity

@Suite struct RequestClassesTests {
    @Test func classes_ofEqualRequests_areOneMeanEach() {
        let request = RequestLengths(promptTokens: 1000, uncachedTokens: 400, outputTokens: 201)
        let classes = RequestClasses(Array(repeating: request, count: 3), longPromptTokens: 4096)
        #expect(classes.uncachedMean == 400 && classes.uncachedSquareMean == 160_000)
        #expect(classes.decodedMean == 200)
        #expect(classes.contextMean == 1000 + 101)
        #expect(classes.reservedMean == 1201)
        #expect(abs(classes.prompts.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        #expect(classes.prompts.allSatisfy { $0.uncachedTokens == 400 && !$0.isLong })
        #expect(classes.answers.allSatisfy { $0.decodedTokens == 200 })
    }

    @Test func classes_keepMeansAndLongPromptsApart() {
        let requests = (1...1000).map {
            RequestLengths(promptTokens: Double($0 * 10), uncachedTokens: Double($0 * 10), outputTokens: Double($0))
        }
        let classes = RequestClasses(requests, longPromptTokens: 4096)
        #expect(abs(classes.prompts.reduce(0) { $0 + $1.share * $1.uncachedTokens } - 5005) < 1e-6)
        #expect(abs(classes.answers.reduce(0) { $0 + $1.share * $1.decodedTokens } - 499.5) < 1e-9)
        // 4,100 ... 10,000 are 591 of 1,000.
        #expect(abs(classes.prompts.filter(\.isLong).reduce(0) { $0 + $1.share } - 0.591) < 1e-12)
        #expect(classes.prompts.allSatisfy { $0.isLong == ($0.uncachedTokens > 4096) })
    }

    @Test func classes_ofAnswers_knowHowLargeTheirRequestsAre() {
        // Half have 100 tokens of prompt and 100 of answer, half 1,000 and 200: 200 and 1,200, 700 on average.
        let requests = (0..<200).map {
            let isLarge = $0 % 2 == 1
            return RequestLengths(
                promptTokens: isLarge ? 1000 : 100, uncachedTokens: 100, outputTokens: isLarge ? 200 : 100)
        }
        let classes = RequestClasses(requests, longPromptTokens: 4096)
        #expect(abs((classes.answers.first?.relativeSize ?? 0) - 200.0 / 700) < 1e-12)
        #expect(abs((classes.answers.last?.relativeSize ?? 0) - 1200.0 / 700) < 1e-12)
        // 500^2 / 700^2.
        #expect(abs(classes.sizeVariation - 25.0 / 49) < 1e-12)
    }

    @Test func classes_withoutDecoding_haveNoContext() {
        let request = RequestLengths(promptTokens: 10, uncachedTokens: 10, outputTokens: 1)
        let classes = RequestClasses([request], longPromptTokens: 4096)
        #expect(classes.decodedMean == 0 && classes.contextMean == 0)
    }
}
