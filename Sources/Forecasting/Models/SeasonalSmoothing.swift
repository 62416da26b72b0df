/// Exponential smoothing with several seasons: a level and, for each period, what each of its parts adds.
///
/// `y = level + sum of parts`; after each sample the error goes to the level by 0.1 and to the current part of each period by
/// 0.2, more while a part is new. An autoregression on the errors carries what is left. Source: Taylor (2003), "Short-term electricity
/// demand forecasting using double seasonal exponential smoothing".
package struct SeasonalSmoothing: Hashable, Sendable, Codable {
    package static let levelGain = 0.1
    package static let partGain = 0.2
    /// Longer periods are kept in so many parts.
    package static let partsMax = 2_048

    private struct Season: Hashable, Sendable, Codable {
        let period: Int
        var parts: [Double]
        var visits: [UInt8]

        init(period: Int) {
            self.period = period
            let count = min(period, SeasonalSmoothing.partsMax)
            parts = Array(repeating: 0, count: count)
            visits = Array(repeating: 0, count: count)
        }

        func part(at place: Int) -> Int { place % period * parts.count / period }
    }

    private var seasons: [Season]
    private var level: Double?
    private var carry = ResidualCarry()

    /// - Parameter periods: in steps.
    package init(periods: [Int]) { seasons = periods.map(Season.init) }

    package mutating func append(_ measured: Double?, place: Int) {
        guard let measured else { return carry.append(nil) }
        guard let last = level else {
            level = measured
            return
        }
        var expected = last
        for season in seasons { expected += season.parts[season.part(at: place)] }
        let error = measured - expected
        carry.append(error)
        level = last + Self.levelGain * error
        for index in seasons.indices {
            let part = seasons[index].part(at: place)
            let visits = seasons[index].visits[part]
            seasons[index].parts[part] += max(Self.partGain, 1 / (2 + Double(visits))) * error
            if visits < 255 { seasons[index].visits[part] += 1 }
        }
    }

    package func forecast(into path: UnsafeMutableBufferPointer<Double>, place: Int) {
        for step in path.indices { path[step] = level ?? 0 }
        for season in seasons {
            for step in path.indices { path[step] += season.parts[season.part(at: place + 1 + step)] }
        }
        carry.add(to: path)
    }
}
