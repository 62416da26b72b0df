internal import RealModule
internal import Sampling

/// Makes traces for machines without data: a rate with a daily and a weekly shape and bursts, and heavy-tailed lengths.
///
/// The defaults resemble a conversation service; they are invented, not fitted to anybody's traffic.
package struct TraceGenerator: Sendable {
    /// Length in seconds, above zero. Time zero is midnight on a Monday.
    package var seconds: Double = 86_400
    /// Mean rate on a weekday without bursts.
    package var requestsPerSecond: Double = 3
    /// Height of the daily wave over its mean, 0 ... 1: at 0.6 the busiest hour has 4 times the rate of the quietest.
    package var dailyAmplitude: Double = 0.6
    /// Time of the daily peak in hours after midnight.
    package var peakHour: Double = 15
    /// Rate on Saturday and Sunday over that of the other days.
    package var weekendShare: Double = 0.5
    /// Mean number of bursts in a day; they begin at random.
    package var burstsPerDay: Double = 8
    /// Median height of a burst: at 2 the rate doubles at its begin. 1 or more.
    package var burstFactor: Double = 2.5
    /// Mean time in which a burst fades to a third.
    package var burstSeconds: Double = 180
    /// Coefficient of variation of the gaps at a constant rate, above zero.
    package var burstiness: Double = 1.2
    package var promptTokens = LognormalTokens(median: 700, sigma: 1.1, max: 32_768)
    package var outputTokens = LognormalTokens(median: 150, sigma: 0.9, max: 4_096)

    package init() {}

    /// Rates hold for this long.
    private static let binSeconds = 10.0
    private static let secondsPerDay = 86_400.0
    /// Spread of bursts' heights: one in twenty is 2.3 times as high over the rate as the median.
    private static let burstSigma = 0.5

    /// A sudden rise that fades exponentially.
    private struct Burst {
        var start: Double
        var height: Double
        var fadeSeconds: Double
    }

    /// The trace of a seed; the same seed gives the same trace.
    package func trace(name: String, seed: UInt64) -> Trace {
        var options = RateReadingOptions()
        options.seed = seed
        options.burstiness = burstiness
        return series(seed: seed).requests(
            name: name, options: options, lengths: .lognormal(prompt: promptTokens, output: outputTokens))
    }

    /// The rate over time.
    package func series(seed: UInt64) -> RateSeries {
        var generator = SeededGenerator(seed: seed, stream: 4)
        let bursts = drawBursts(using: &generator)
        let count = Int((seconds / Self.binSeconds).rounded(.up))
        var firstLive = 0
        let bins = (0..<count).map { index -> RateSeries.Bin in
            let start = Double(index) * Self.binSeconds
            let width = min(Self.binSeconds, seconds - start)
            while firstLive < bursts.count, start > bursts[firstLive].start + 40 * burstSeconds { firstLive += 1 }
            let rate = smoothRate(at: start + width / 2) * lift(bursts[firstLive...], at: start)
            return RateSeries.Bin(start: start, width: width, low: rate, high: rate)
        }
        return RateSeries(bins: bins)
    }

    private func drawBursts(using generator: inout some RandomNumberGenerator) -> [Burst] {
        guard burstsPerDay > 0 else { return [] }
        var bursts: [Burst] = []
        var start = generator.exponential(mean: Self.secondsPerDay / burstsPerDay)
        while start < seconds {
            let height = generator.lognormal(median: burstFactor - 1, sigma: Self.burstSigma)
            bursts.append(
                Burst(start: start, height: height, fadeSeconds: generator.exponential(mean: burstSeconds)))
            start += generator.exponential(mean: Self.secondsPerDay / burstsPerDay)
        }
        return bursts
    }

    private func smoothRate(at time: Double) -> Double {
        let phase = 2 * Double.pi * (time / Self.secondsPerDay - peakHour / 24)
        let day = Int(time / Self.secondsPerDay) % 7
        return requestsPerSecond * (1 + dailyAmplitude * Double.cos(phase)) * (day >= 5 ? weekendShare : 1)
    }

    private func lift(_ bursts: ArraySlice<Burst>, at time: Double) -> Double {
        var lift = 1.0
        for burst in bursts {
            if burst.start > time { break }
            lift += burst.height * Double.exp(-(time - burst.start) / burst.fadeSeconds)
        }
        return lift
    }
}

extension Trace {
    /// A made-up day at a few requests per second, for trying things out without data. About 270,000 requests.
    package static func generatedDay(seed: UInt64) -> Trace {
        TraceGenerator().trace(name: "generated day", seed: seed)
    }
}
