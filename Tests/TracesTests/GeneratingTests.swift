import Sampling
import Testing
import Traces

struct GeneratingTests {
    @Test func generatedDay_sameSeed_isTheSameDay() {
        let day = Trace.generatedDay(seed: 1)
        #expect(day.count > 200_000 && day.count < 400_000)
        #expect(day.lastArrival > 86_000 && day.lastArrival < 86_400)
        let again = Trace.generatedDay(seed: 1)
        #expect(day.count == again.count)
        #expect((0..<day.count).allSatisfy { day[$0] == again[$0] })
        #expect(Trace.generatedDay(seed: 2).count != day.count)
    }

    @Test func generator_day_peaksAtItsHour() {
        var generator = TraceGenerator()
        generator.burstsPerDay = 0
        let rates = generator.trace(name: "smooth", seed: 1).rates(bins: 24)
        #expect(rates.max() == rates[14] || rates.max() == rates[15])
        // (1 + 0.6) / (1 - 0.6) = 4.
        #expect(abs((rates.max() ?? 0) / (rates.min() ?? 1) - 4) < 0.4)
    }

    @Test func generator_weekend_isQuieter() {
        var generator = TraceGenerator()
        generator.seconds = 7 * 86_400
        generator.requestsPerSecond = 0.5
        generator.burstsPerDay = 0
        let days = generator.trace(name: "week", seed: 1).rates(bins: 7)
        #expect(days[5...].allSatisfy { abs($0 - 0.25) < 0.02 })
        #expect(days[..<5].allSatisfy { abs($0 - 0.5) < 0.02 })
    }

    @Test func distribution_points_areInterpolated() throws {
        let text = """
            service,tokens,cdf_percent
            code,0,20
            code,0,50
            code,100,100
            chat,7,100
            """
        let code = try distribution(text, service: "code")
        #expect(code.tokens(atShare: 0.3) == 0)
        #expect(code.tokens(atShare: 0.5) == 0)
        #expect(code.tokens(atShare: 0.75) == 50)
        #expect(code.tokens(atShare: 1) == 100)
        var generator = SeededGenerator(seed: 1)
        let draws = (0..<10_000).map { _ in code.draw(using: &generator) }
        #expect(abs(draws.filter { $0 == 0 }.count - 5_050) < 4 * 50)
        #expect(try distribution(text, service: "chat").tokens(atShare: 0.1) == 7)
        #expect(
            message { try distribution(text, service: nil) }
                == "d.csv: it holds the services code, chat. Choose one with --service NAME.")
        #expect(message { try distribution("tokens,cdf\n5,0.5\n4,1\n", service: nil) }.contains("do not ascend"))
        #expect(
            message { try distribution("tokens,cdf\n5,1.5\n", service: nil) }.hasPrefix("d.csv:2:3: cdf: found \"1.5\"")
        )
        #expect(message { try distribution("a,b\n", service: nil) }.contains("expected tokens and cdf_percent"))
    }

    private func distribution(_ text: String, service: String?) throws -> TokenDistribution {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { try TokenDistribution(table: $0, file: "d.csv", service: service) }
    }

    private func message(_ body: () throws -> TokenDistribution) -> String {
        do {
            return "\(try body().points)"
        } catch {
            return "\(error)"
        }
    }
}
