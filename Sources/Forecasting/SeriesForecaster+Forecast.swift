package import Fleet

extension SeriesForecaster {
    /// The steps ahead of the latest sample.
    ///
    /// - Parameters:
    ///   - steps: how many, at least 1 and at most `stepsMax`.
    ///   - quantiles: levels above 0 and below 1, rising.
    /// - Returns: nil before the first value. Quantiles are empty until forecasts have been compared with what came.
    package func forecast(steps: Int, quantiles: [Double]) -> Forecast? {
        precondition((1...stepsMax).contains(steps), "a forecast has at least a step, and not more than were prepared")
        guard count > 0 else { return nil }
        let known = buckets.filter { $0.count >= Self.residualCountMin }
        let spread = spread
        let residuals = known.map { bucket in quantiles.map { bucket.residual(bucket.adaptedLevel($0)) * spread } }
        let medians = known.map { $0.residual(0.5) * spread }
        let answer = (1...steps).map { step -> Forecast.Step in
            let at = clock.latest + .seconds(clock.stepSeconds * Double(step))
            guard let place = Place(of: step, in: known) else {
                let point = point(step: step, weights: buckets[0].weights)
                return Forecast.Step(at: at, mean: bounded(point), quantiles: [])
            }
            let point = place.mix { self.point(step: step, weights: known[$0].weights) }
            var least = -Double.infinity
            let values = quantiles.indices.map { index -> Forecast.Quantile in
                let value = bounded(point + place.stretch * place.mix { residuals[$0][index] })
                least = max(least, value)
                return Forecast.Quantile(level: quantiles[index], value: least)
            }
            return Forecast.Step(at: at, mean: bounded(point + place.mix { medians[$0] }), quantiles: values)
        }
        return Forecast(issuedAt: clock.latest, steps: answer)
    }

    /// How much a model weighs in the forecast so many steps ahead.
    ///
    /// - Parameters:
    ///   - model: one of the family's names.
    ///   - steps: at least 1.
    /// - Returns: 0 ... 1; nil where there is no such model, and until forecasts have been compared with what came.
    package func weight(of model: String, steps: Int) -> Double? {
        let known = buckets.filter { $0.count >= Self.residualCountMin }
        guard let index = family.members.names.firstIndex(of: model), let place = Place(of: steps, in: known) else {
            return nil
        }
        return place.mix { known[$0].weights[index] }
    }

    private func bounded(_ value: Double) -> Double { family.hasNegatives ? value : max(value, 0) }

    /// Where a step lies between the leads that are judged.
    private struct Place {
        var lower: Int
        var upper: Int
        /// Of the upper one.
        var share: Double
        /// Beyond the farthest lead that is known, residuals grow as those of a random walk.
        var stretch: Double

        init?(of step: Int, in known: [LeadBucket]) {
            guard let last = known.last else { return nil }
            guard step < last.lead, let upper = known.firstIndex(where: { $0.lead >= step }) else {
                (lower, upper, share) = (known.count - 1, known.count - 1, 0)
                stretch = (Double(step) / Double(last.lead)).squareRoot()
                return
            }
            self.upper = upper
            lower = max(upper - 1, 0)
            stretch = 1
            let (from, to) = (known[lower].lead, known[upper].lead)
            share = from == to ? 0 : Double(step - from) / Double(to - from)
        }

        func mix(_ value: (Int) -> Double) -> Double {
            share == 0 ? value(lower) : (1 - share) * value(lower) + share * value(upper)
        }
    }
}
