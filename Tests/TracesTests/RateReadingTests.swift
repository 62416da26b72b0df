import Testing
import Traces

struct RateReadingTests {
    private var options: TraceReadingOptions { TraceReadingOptions(promptTokens: 100, outputTokens: 10) }

    @Test func counts_becomeExactlySoManyRequests() throws {
        var options = options
        options.rate.unit = .count
        let loaded = try read("timestamp,value\n0,3\n60,0\n120,5\n", options: options)
        #expect(loaded.format == .rate)
        let arrivals = loaded.trace.arrivals
        #expect(arrivals.filter { $0 < 60 }.count == 3)
        #expect(arrivals.filter { $0 >= 60 && $0 < 120 }.count == 0)
        #expect(arrivals.filter { $0 >= 120 && $0 < 180 }.count == 5)
        #expect(loaded.trace[0].promptTokens == 100)
    }

    @Test func unit_sameRateInEachUnit_givesTheSameTrace() throws {
        var options = options
        options.rate.unit = .requestsPerSecond
        let perSecond = try read("timestamp,value\n0,2\n60,4\n", options: options).trace
        options.rate.unit = .requestsPerMinute
        let perMinute = try read("timestamp,value\n0,120\n60,240\n", options: options).trace
        #expect(perSecond.rows == perMinute.rows)
        #expect(abs(perSecond.count - 360) < 4 * 19)
    }

    @Test func noUnit_isRequestsPerSecondAndSaidSo() throws {
        let loaded = try read("timestamp,value\n0,2\n60,4\n", options: options)
        #expect(loaded.notes.contains("Values were taken as requests per second; --unit rpm or count says otherwise."))
        let named = try read("timestamp,rpm\n0,120\n60,240\n", options: options)
        #expect(named.trace.rows == loaded.trace.rows)
        #expect(!named.notes.contains { $0.contains("--unit") })
    }

    @Test func gap_isBridgedNotZero() throws {
        let loaded = try read("timestamp,value\n0,10\n60,10\n120,\n180,10\n240,10\n300,10\n", options: options)
        #expect(loaded.notes.contains("1 samples had no value."))
        #expect(loaded.notes.contains("1 gaps in the series were bridged by interpolation."))
        #expect(loaded.trace.arrivals.contains { $0 >= 120 && $0 < 180 })
    }

    @Test func noLengths_messageNamesAllWays() {
        let message = errorMessage("timestamp,value\n0,2\n60,4\n")
        #expect(message.hasPrefix("a.csv: a rate series does not tell how long requests are. Give --prompt-tokens N"))
    }

    @Test func digitisedWeek_bandIsDrawnForEachMinute() throws {
        var text = "timestamp_utc,rpm_low,rpm_high,rpm_mid\n"
        for minute in stride(from: 0, to: 600, by: 5) {
            text += "2024-05-10T0\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00,0,1200,600\n"
        }
        let drawn = try read(text, options: options)
        // 600 minutes at 600 on average; the rate of a minute has a standard deviation of 346, so the sum has 8,500.
        #expect(abs(drawn.trace.count - 360_000) < 4 * 8_500)
        var perMinute = [Int](repeating: 0, count: 600)
        for arrival in drawn.trace.arrivals { perMinute[Int(arrival / 60)] += 1 }
        let mean = Double(drawn.trace.count) / 600
        let variance = perMinute.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 600
        // U(0, 1200) has 120,000, and the Poisson part adds 600.
        #expect(abs(variance / 120_600 - 1) < 0.15)
        var middle = options
        middle.rate.band = .mid
        #expect(abs(try read(text, options: middle).trace.count - 360_000) < 4 * 600)
    }

    @Test func window_isCutAndBecomesTimeZero() throws {
        var options = options
        options.rate.window = 60..<180
        let loaded = try read("timestamp,rps\n0,1\n60,2\n120,3\n180,4\n", options: options)
        #expect(loaded.trace.arrivals.allSatisfy { $0 >= 0 && $0 < 120 })
        #expect(abs(loaded.trace.count - 300) < 4 * 18)
    }

    @Test func prometheus_severalSeries_areAddedUp() throws {
        let json = """
            {"status":"success","data":{"resultType":"matrix","result":[
             {"metric":{"pod":"a"},"values":[[1700000000,"2"],[1700000060,"3"],[1700000120,"NaN"]]},
             {"metric":{"pod":"b"},"values":[[1700000000.000,"5"],[1700000120,"7"]]}]}}
            """
        var options = options
        options.rate.unit = .count
        let loaded = try read(json, options: options)
        var perBin = [0, 0, 0]
        for arrival in loaded.trace.arrivals { perBin[Int(arrival / 60)] += 1 }
        #expect(perBin == [7, 3, 7])
        #expect(loaded.notes.contains("The file holds 2 series; their values were added up."))
        #expect(loaded.notes.contains("Timestamps count from the first sample, which is time zero."))
    }

    @Test func prometheus_wrongAnswers_sayWhatToDo() {
        #expect(
            errorMessage(
                "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}", options: options)
                == "a.csv: Prometheus answered with an error: parse error. Correct the query and save the answer again."
        )
        #expect(
            errorMessage("{\"data\":{\"resultType\":\"vector\",\"result\":[]}}", options: options).contains(
                "found a result of type \"vector\", expected \"matrix\""))
        #expect(
            errorMessage(
                "{\"data\":\n{\"resultType\":\"matrix\",\"result\":[{\"values\":[[1,\"x\"]]}]}}", options: options
            )
            .hasPrefix("a.csv:2:"))
        #expect(
            errorMessage("{\"data\":{\"result\":[", options: options).contains("found the end of the file, expected"))
    }

    @Test func seed_sameTwice_otherSeedDiffers() throws {
        let text = "timestamp,rps\n0,2\n60,4\n120,1\n"
        var options = options
        let first = try read(text, options: options).trace.rows
        #expect(try read(text, options: options).trace.rows == first)
        options.rate.seed = 2
        #expect(try read(text, options: options).trace.rows != first)
    }

    @Test(arguments: [0.5, 3.0])
    func burstiness_isTheVariationOfGaps(cv: Double) throws {
        var options = options
        options.rate.burstiness = cv
        let arrivals = try read("timestamp,rps\n0,10\n3600,10\n", options: options).trace.arrivals
        let gaps = zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(variance.squareRoot() / mean / cv - 1) < 0.06)
        #expect(abs(mean / 0.1 - 1) < 0.06)
    }
}
