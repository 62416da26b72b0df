internal import RealModule

/// Least squares with coefficients of zero or more: the active-set method of Lawson and Hanson ("Solving Least Squares
/// Problems", 1974, chapter 23), on the normal equations because there are but a handful of coefficients.
///
/// Columns are scaled to length 1 first, so coefficients may differ by any power of ten. A column that is a combination of
/// the ones already in use is left out: its coefficient stays zero, and the others carry its share.
package struct NonNegativeLeastSquares {
    /// Squared sine below which a column counts as a combination of others: 1e-5 of its length is its own.
    private static let independenceMinimum = 1e-10

    private let count: Int
    /// Lengths of the columns; 1 for a column of zeros.
    private let lengths: [Double]
    /// Products of the scaled columns with each other, and with the target.
    private let products: [[Double]]
    private let targets: [Double]
    private var solution: [Double]
    private var isPassive: [Bool]

    /// The coefficients, one per column, that come nearest to `targets`.
    ///
    /// - Parameters:
    ///   - rows: one per target, all of one length.
    ///   - targets: what `row . coefficients` should give.
    /// - Returns: One coefficient per column, zero or more.
    package static func solve(_ rows: [[Double]], _ targets: [Double]) -> [Double] {
        precondition(rows.count == targets.count, "each row has a target")
        guard let count = rows.first?.count else { return [] }
        var solver = NonNegativeLeastSquares(rows, targets, count)
        solver.run()
        return zip(solver.solution, solver.lengths).map { $0 / $1 }
    }

    /// How much of each column is its own: the sine of its angle to the nearest combination of the other columns. Near zero,
    /// the data cannot tell its coefficient from the others'.
    package static func independence(_ rows: [[Double]]) -> [Double] {
        guard let count = rows.first?.count else { return [] }
        let solver = NonNegativeLeastSquares(rows, Array(repeating: 0, count: rows.count), count)
        return (0..<count).map { column in
            guard solver.products[column][column] > 0 else { return 0 }
            let others = (0..<count).filter { $0 != column && solver.products[$0][$0] > 0 }
            return .sqrt(solver.distanceSquared(of: column, from: others))
        }
    }

    /// Standard errors of least squares' coefficients from what it left over, each measurement with a variance of its own
    /// (White, "A heteroskedasticity-consistent covariance matrix estimator", Econometrica 1980, with his correction for the
    /// degrees of freedom). Infinite for a column that is a combination of others.
    ///
    /// - Parameters:
    ///   - rows: without the columns of coefficients that are zero.
    ///   - residuals: one per row.
    /// - Returns: One standard error per column.
    package static func standardErrors(_ rows: [[Double]], residuals: [Double]) -> [Double] {
        guard let count = rows.first?.count else { return [] }
        let solver = NonNegativeLeastSquares(rows, Array(repeating: 0, count: rows.count), count)
        let correction = Double(rows.count) / Double(max(rows.count - count, 1))
        return (0..<count).map { column in
            let others = (0..<count).filter { $0 != column }
            let combination = solver.combination(of: column, from: others)
            // What the other columns do not explain of this one, in the scaled columns.
            let own = rows.map { row in
                zip(others, combination).reduce(row[column] / solver.lengths[column]) { rest, other in
                    rest - other.1 * row[other.0] / solver.lengths[other.0]
                }
            }
            let squared = product(own, own)
            guard squared > independenceMinimum else { return .infinity }
            let spread = zip(own, residuals).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
            return .sqrt(spread * correction) / squared / solver.lengths[column]
        }
    }

    private init(_ rows: [[Double]], _ targets: [Double], _ count: Int) {
        self.count = count
        let columns = (0..<count).map { column in rows.map { $0[column] } }
        let lengths = columns.map { column in
            let length = Double.sqrt(column.reduce(0) { $0 + $1 * $1 })
            return length > 0 ? length : 1
        }
        let scaled = zip(columns, lengths).map { column, length in column.map { $0 / length } }
        self.lengths = lengths
        products = scaled.map { left in scaled.map { Self.product(left, $0) } }
        self.targets = scaled.map { Self.product($0, targets) }
        solution = Array(repeating: 0, count: count)
        isPassive = Array(repeating: false, count: count)
    }

    /// Frees one coefficient after the other while that lowers the error; each may send others back to zero.
    private mutating func run() {
        var blocked = Set<Int>()
        // Each round ends at a new set of free coefficients with a smaller error, so the 2^n sets bound the rounds.
        for _ in 0..<(1 << min(count, 16)) {
            let slopes = gradient()
            let candidates = (0..<count).filter { !isPassive[$0] && !blocked.contains($0) && slopes[$0] > 1e-12 }
            guard let best = candidates.max(by: { slopes[$0] < slopes[$1] }) else { return }
            let passive = (0..<count).filter { isPassive[$0] }
            guard distanceSquared(of: best, from: passive) > Self.independenceMinimum else {
                blocked.insert(best)
                continue
            }
            isPassive[best] = true
            settle()
            blocked.removeAll()
        }
    }

    /// Moves to the least squares of the free coefficients, stopping where one of them reaches zero and fixing it there.
    private mutating func settle() {
        while true {
            let passive = (0..<count).filter { isPassive[$0] }
            let wanted = Self.solveSymmetric(
                passive.map { row in passive.map { products[row][$0] } }, passive.map { targets[$0] })
            let negative = passive.indices.filter { wanted[$0] <= 0 }
            guard !negative.isEmpty else {
                for (index, column) in passive.enumerated() { solution[column] = wanted[index] }
                return
            }
            let steps = negative.map { solution[passive[$0]] / (solution[passive[$0]] - wanted[$0]) }
            let step = steps.min() ?? 0
            for (index, column) in passive.enumerated() {
                solution[column] += step * (wanted[index] - solution[column])
            }
            for (index, fraction) in zip(negative, steps) where fraction <= step {
                solution[passive[index]] = 0
                isPassive[passive[index]] = false
            }
        }
    }

    private func gradient() -> [Double] {
        (0..<count).map { targets[$0] - Self.product(products[$0], solution) }
    }

    /// Squared distance of a scaled column from the span of others.
    private func distanceSquared(of column: Int, from others: [Int]) -> Double {
        let right = others.map { products[$0][column] }
        return max(products[column][column] - Self.product(right, combination(of: column, from: others)), 0)
    }

    /// The combination of others that comes nearest to a scaled column.
    private func combination(of column: Int, from others: [Int]) -> [Double] {
        Self.solveSymmetric(
            others.map { row in others.map { products[row][$0] } }, others.map { products[$0][column] })
    }

    private static func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Solves a symmetric, positive semi-definite system by Cholesky's method; unknowns that depend on earlier ones are zero.
    private static func solveSymmetric(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        let size = right.count
        var lower = Array(repeating: Array(repeating: 0.0, count: size), count: size)
        var forward = Array(repeating: 0.0, count: size)
        for row in 0..<size {
            for column in 0..<row where lower[column][column] > 0 {
                lower[row][column] = (matrix[row][column] - product(lower[row], lower[column])) / lower[column][column]
            }
            let rest = matrix[row][row] - product(lower[row], lower[row])
            guard rest > independenceMinimum else { continue }
            lower[row][row] = .sqrt(rest)
            forward[row] = (right[row] - product(lower[row], forward)) / lower[row][row]
        }
        var solution = Array(repeating: 0.0, count: size)
        for row in (0..<size).reversed() where lower[row][row] > 0 {
            let later = ((row + 1)..<size).reduce(0) { $0 + lower[$1][row] * solution[$1] }
            solution[row] = (forward[row] - later) / lower[row][row]
        }
        return solution
    }
}
