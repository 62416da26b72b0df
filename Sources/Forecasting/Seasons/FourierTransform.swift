internal import RealModule

/// The autocorrelation of a series by the fast Fourier transform (Wiener and Khinchin; Cooley and Tukey 1965).
package enum FourierTransform {
    /// The autocorrelation at lags 0..<count, each corrected for its number of pairs; empty when nothing varies.
    package static func autocorrelation(_ values: [Double]) -> [Double] {
        let count = values.count
        guard count > 1 else { return [] }
        let mean = values.reduce(0, +) / Double(count)
        var size = 1
        while size < 2 * count { size *= 2 }
        var real = values.map { $0 - mean } + Array(repeating: 0, count: size - count)
        var imaginary = Array(repeating: 0.0, count: size)
        transform(&real, &imaginary)
        for index in 0..<size {
            real[index] = real[index] * real[index] + imaginary[index] * imaginary[index]
            imaginary[index] = 0
        }
        transform(&real, &imaginary)
        // The transform of a real, even series is its own inverse but for the factor `size`.
        let variance = real[0] / Double(size) / Double(count)
        guard variance > 1e-18 * max(mean * mean, 1e-300) else { return [] }
        return (0..<count).map { real[$0] / Double(size) / Double(count - $0) / variance }
    }

    /// In place; the size is a power of two.
    package static func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        let size = real.count
        reorder(&real, &imaginary)
        var half = 1
        while half < size {
            let angle = -Double.pi / Double(half)
            let (turnReal, turnImaginary) = (Double.cos(angle), Double.sin(angle))
            for start in stride(from: 0, to: size, by: 2 * half) {
                var (unitReal, unitImaginary) = (1.0, 0.0)
                for low in start..<start + half {
                    let high = low + half
                    let oddReal = real[high] * unitReal - imaginary[high] * unitImaginary
                    let oddImaginary = real[high] * unitImaginary + imaginary[high] * unitReal
                    (real[high], imaginary[high]) = (real[low] - oddReal, imaginary[low] - oddImaginary)
                    (real[low], imaginary[low]) = (real[low] + oddReal, imaginary[low] + oddImaginary)
                    (unitReal, unitImaginary) = (
                        unitReal * turnReal - unitImaginary * turnImaginary,
                        unitReal * turnImaginary + unitImaginary * turnReal
                    )
                }
            }
            half *= 2
        }
    }

    /// Swaps each element with the one whose index has its bits reversed.
    private static func reorder(_ real: inout [Double], _ imaginary: inout [Double]) {
        var reversed = 0
        for index in 1..<real.count {
            var bit = real.count / 2
            while reversed & bit != 0 {
                reversed ^= bit
                bit /= 2
            }
            reversed |= bit
            if index < reversed {
                real.swapAt(index, reversed)
                imaginary.swapAt(index, reversed)
            }
        }
    }
}
