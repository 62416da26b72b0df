package import Fleet
internal import RealModule

/// Requests, and the prompt and output tokens of each, forecast together: their products are the load.
///
/// Each of the three has its own forecaster. The load's quantiles are not products of quantiles, which would be far too wide
/// or too narrow as the three move together or against each other: at each lead the ratio of the load that came to the product of the medians
/// enters a window, and the load's quantile is the product of the medians times the window's (conformal on joint
/// residuals, in logarithms).
package struct WorkloadForecaster: Hashable, Sendable, Codable {
    /// What was measured in a step.
    package struct Measured: Hashable, Sendable {
        package var requestsPerSecond: Double
        /// Means per request; nil when no request came, which says nothing of their length.
        package var promptTokens: Double?
        package var outputTokens: Double?

        package init(requestsPerSecond: Double, promptTokens: Double?, outputTokens: Double?) {
            self.requestsPerSecond = requestsPerSecond
            self.promptTokens = promptTokens
            self.outputTokens = outputTokens
        }
    }

    /// The three, and their products in tokens per second.
    package struct Answer: Hashable, Sendable {
        package var requestsPerSecond: Forecast
        package var promptTokens: Forecast
        package var outputTokens: Forecast
        package var promptTokensPerSecond: Forecast
        package var outputTokensPerSecond: Forecast
    }

    private var requests: SeriesForecaster
    private var prompts: SeriesForecaster
    private var outputs: SeriesForecaster
    private var promptLoad: [ProductResiduals]
    private var outputLoad: [ProductResiduals]

    /// - Parameters:
    ///   - step: the time between samples.
    ///   - stepsMax: the farthest step ahead that will be asked for.
    package init(step: Duration, stepsMax: Int) {
        requests = SeriesForecaster(step: step, stepsMax: stepsMax)
        prompts = requests
        outputs = requests
        promptLoad = requests.buckets.map { ProductResiduals(lead: $0.lead) }
        outputLoad = promptLoad
    }

    /// Takes in what was measured in the step that ends now; nil is a gap.
    package mutating func append(_ measured: Measured?, at now: Instant) {
        requests.append(measured?.requestsPerSecond, at: now)
        prompts.append(measured?.promptTokens, at: now)
        outputs.append(measured?.outputTokens, at: now)
        guard let measured else { return }
        let place = requests.clock.place
        for index in promptLoad.indices {
            let lead = promptLoad[index].lead
            let rate = median(requests, lead)
            promptLoad[index].append(
                load: measured.requestsPerSecond * (measured.promptTokens ?? 0), product: rate * median(prompts, lead),
                place: place)
            outputLoad[index].append(
                load: measured.requestsPerSecond * (measured.outputTokens ?? 0), product: rate * median(outputs, lead),
                place: place)
        }
    }

    private func median(_ forecaster: SeriesForecaster, _ lead: Int) -> Double {
        max(forecaster.medianAtLead(lead), 0)
    }

    /// The steps ahead; nil until each of the three has been measured.
    package func forecast(steps: Int, quantiles: [Double]) -> Answer? {
        guard let rate = requests.forecast(steps: steps, quantiles: quantiles),
            let prompt = prompts.forecast(steps: steps, quantiles: quantiles),
            let output = outputs.forecast(steps: steps, quantiles: quantiles)
        else { return nil }
        return Answer(
            requestsPerSecond: rate, promptTokens: prompt, outputTokens: output,
            promptTokensPerSecond: product(rate, prompt, promptLoad, quantiles),
            outputTokensPerSecond: product(rate, output, outputLoad, quantiles))
    }

    private func product(
        _ rate: Forecast, _ tokens: Forecast, _ residuals: [ProductResiduals], _ quantiles: [Double]
    ) -> Forecast {
        let steps = rate.steps.indices.map { index -> Forecast.Step in
            let center = rate.steps[index].mean * tokens.steps[index].mean
            let nearest = residuals.last { $0.lead <= index + 1 && $0.count >= SeriesForecaster.residualCountMin }
            guard let nearest else { return Forecast.Step(at: rate.steps[index].at, mean: center, quantiles: []) }
            return Forecast.Step(
                at: rate.steps[index].at, mean: center,
                quantiles: quantiles.map { .init(level: $0, value: nearest.quantile($0, of: center)) })
        }
        return Forecast(issuedAt: rate.issuedAt, steps: steps)
    }
}

/// By what factor a load exceeds the product of the medians that were forecast for it.
struct ProductResiduals: Hashable, Sendable, Codable {
    let lead: Int
    /// Products that wait for their step, and the places they are due at.
    private var products: [Double]
    private var dues: [Int]
    private var logarithms = ResidualWindow(capacity: 256)

    init(lead: Int) {
        self.lead = lead
        products = Array(repeating: 0, count: lead)
        dues = Array(repeating: -1, count: lead)
    }

    var count: Int { logarithms.count }

    /// Compares the load with the product that was forecast for this place, and keeps the one forecast now.
    mutating func append(load: Double, product: Double, place: Int) {
        let slot = place % lead
        // Without a load or a forecast there is no ratio: one thousandth stands for nothing.
        if dues[slot] == place {
            let due = products[slot]
            logarithms.append(.log(max(load, due / 1_000, 1e-9) / max(due, load / 1_000, 1e-9)))
        }
        (products[slot], dues[slot]) = (product, place + lead)
    }

    func quantile(_ level: Double, of center: Double) -> Double { center * .exp(logarithms.quantile(level)) }
}
