import Sampling
import Testing

@testable import Performance

@Suite struct NonNegativeLeastSquaresTests {
    @Test func solve_positiveSolution_isOrdinaryLeastSquares() {
        // y = 2 + 3x through (0, 2), (1, 5), (2, 8).
        let solution = NonNegativeLeastSquares.solve([[1, 0], [1, 1], [1, 2]], [2, 5, 8])
        #expect(abs(solution[0] - 2) < 1e-12)
        #expect(abs(solution[1] - 3) < 1e-12)
    }

    @Test func solve_negativeSlope_isZeroAndTheConstantIsTheMean() {
        // Unconstrained: 3 - x. With a slope of zero or more the best is the mean of 3, 2, 1.
        let solution = NonNegativeLeastSquares.solve([[1, 0], [1, 1], [1, 2]], [3, 2, 1])
        #expect(abs(solution[0] - 2) < 1e-12)
        #expect(solution[1] == 0)
    }

    @Test func solve_coefficientsOfVeryDifferentSize_areAllFound() {
        let expected = [1.4e-2, 9.3e-5, 1.2e-7]
        let rows: [[Double]] = [1.0, 16, 32, 64].flatMap { (batch: Double) -> [[Double]] in
            [128.0, 1024, 8192].map { (context: Double) -> [Double] in [1, batch, batch * context] }
        }
        let targets = rows.map { zip($0, expected).reduce(0) { $0 + $1.0 * $1.1 } }
        for (found, wanted) in zip(NonNegativeLeastSquares.solve(rows, targets), expected) {
            #expect(abs(found / wanted - 1) < 1e-9)
        }
    }

    @Test func solve_equalColumns_leavesOneAtZeroAndStillFits() {
        let solution = NonNegativeLeastSquares.solve([[1, 1], [2, 2]], [3, 6])
        #expect(abs(solution[0] + solution[1] - 3) < 1e-9)
        #expect(solution.contains(0))
    }

    @Test func solve_noRows_isEmpty() {
        #expect(NonNegativeLeastSquares.solve([], []).isEmpty)
    }

    /// Karush, Kuhn and Tucker: no error falls along a free coefficient, nor by raising one that is zero.
    @Test(arguments: 0..<60) func solve_randomProblem_meetsTheOptimalityConditions(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        func draw() -> Double { Double.random(in: -1...1, using: &generator) }
        let rows = (0..<12).map { _ in (0..<5).map { _ in draw() } }
        let targets = (0..<12).map { _ in draw() }
        let solution = NonNegativeLeastSquares.solve(rows, targets)
        let rests = zip(rows, targets).map { row, target in target - zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 } }
        for column in 0..<5 {
            let slope = zip(rows, rests).reduce(0) { $0 + $1.0[column] * $1.1 }
            #expect(solution[column] >= 0, "seed \(seed)")
            #expect(solution[column] > 0 ? abs(slope) < 1e-9 : slope < 1e-9, "seed \(seed), column \(column)")
        }
    }

    @Test func independence_columnThatIsACombination_isZero() {
        let independence = NonNegativeLeastSquares.independence([[1, 2, 0], [2, 4, 0], [3, 6, 1]])
        #expect(independence[0] < 1e-6)
        #expect(independence[1] < 1e-6)
        #expect(independence[2] > 0.5)
    }

    @Test func standardErrors_constantModel_isTheErrorOfTheMean() {
        // Residuals -1, 1, -1, 1 about a mean of four: sqrt(sum e^2 / n^2 x n/(n-1)) = sqrt(4/16 x 4/3) = 0.57735.
        let errors = NonNegativeLeastSquares.standardErrors([[1], [1], [1], [1]], residuals: [-1, 1, -1, 1])
        #expect(abs(errors[0] - 0.57735) < 1e-5)
    }

    @Test func standardErrors_equalColumns_areInfinite() {
        #expect(
            NonNegativeLeastSquares.standardErrors([[1, 1], [2, 2]], residuals: [0.1, 0.1]) == [.infinity, .infinity])
    }
}
