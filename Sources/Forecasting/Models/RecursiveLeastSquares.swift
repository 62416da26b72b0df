/// Ridge regression updated sample by sample, with forgetting.
///
/// It minimises the fading sum of squared errors plus a ridge towards the initial coefficients, exactly (Plackett 1950; Haykin,
/// "Adaptive Filter Theory", chapter 10). Two guards differ from the textbook: an innovation counts at most four times the
/// mean absolute one, so that a spike does not tear the coefficients away; and nothing is forgotten while the inverse
/// would grow past its start, which it does when the inputs carry no news.
package struct RecursiveLeastSquares: Hashable, Sendable, Codable {
    package static let innovationMax = 4.0

    package private(set) var coefficients: [Double]
    /// The inverse of the information matrix, row by row.
    private var inverse: [Double]
    private let forgetting: Double
    private let traceMax: Double
    private var innovation = FadingMean(steps: 100)
    private var count = 0

    /// - Parameters:
    ///   - initial: the coefficients that the ridge draws towards.
    ///   - ridge: its strength against inputs of about one, above 0.
    ///   - memorySteps: the weight of a sample falls by a factor of e in so many.
    package init(initial: [Double], ridge: Double, memorySteps: Double) {
        coefficients = initial
        forgetting = 1 - 1 / memorySteps
        let size = initial.count
        inverse = Array(repeating: 0, count: size * size)
        for index in 0..<size { inverse[index * size + index] = 1 / ridge }
        traceMax = Double(size) / ridge
    }

    package func value(_ inputs: [Double]) -> Double {
        var sum = 0.0
        for index in coefficients.indices { sum += coefficients[index] * inputs[index] }
        return sum
    }

    /// Takes in a sample. Complexity: the square of the number of coefficients.
    package mutating func append(_ inputs: [Double], measured: Double) {
        let size = coefficients.count
        let error = bounded(measured - value(inputs))
        var gain = Array(repeating: 0.0, count: size)
        let power = updateInverse(inputs, gain: &gain)
        for index in 0..<size { coefficients[index] += gain[index] / power * error }
    }

    /// Takes the inputs into the inverse. Returns what the gain is to be divided by.
    private mutating func updateInverse(_ inputs: [Double], gain: inout [Double]) -> Double {
        let size = gain.count
        // Moved out and back: the loops run on plain memory.
        var moved: [Double] = []
        swap(&moved, &inverse)
        let (forgetting, traceMax) = (forgetting, traceMax)
        let power = moved.withUnsafeMutableBufferPointer { inverse in
            var power = forgetting
            for row in 0..<size {
                var sum = 0.0
                for column in 0..<size { sum += inverse[row * size + column] * inputs[column] }
                gain[row] = sum
                power += sum * inputs[row]
            }
            var trace = 0.0
            for row in 0..<size {
                let scaled = gain[row] / power
                for column in 0..<size { inverse[row * size + column] -= scaled * gain[column] }
                trace += inverse[row * size + row]
            }
            if trace / forgetting < traceMax { for index in inverse.indices { inverse[index] /= forgetting } }
            return power
        }
        swap(&moved, &inverse)
        return power
    }

    private mutating func bounded(_ error: Double) -> Double {
        count += 1
        let limit = Self.innovationMax * innovation.value
        let kept = count > 20 && limit > 0 ? min(max(error, -limit), limit) : error
        innovation.append(abs(kept))
        return kept
    }
}
