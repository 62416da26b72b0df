/// Finds the best of many candidates without measuring all of them equally well.
///
/// Successive halving (Karnin, Koren and Somekh 2013; Jamieson and Talwalkar 2016): every candidate is measured with few
/// seeds, the best third goes on to three times as many, and so on, so that each rung costs about the same. All are measured
/// with the same seeds. Two differences: the first candidate, the default, is in every rung, since the answer is compared with
/// it; and the trade-off curve of the rung before goes on too, so that its ends are measured as well as the answer.
package struct SuccessiveHalving: Sendable {
    /// A run that is to be made.
    package struct Trial: Hashable, Sendable {
        package let candidate: Int
        package let seed: UInt64
    }

    /// How many candidates a rung takes over by rank, and with how many seeds they are measured after it.
    package struct Rung: Hashable, Sendable {
        package let candidates: Int
        package let seeds: Int
    }

    /// One of so many goes on.
    static let reduction = 3
    /// Candidates of the trade-off curve that go on, at most.
    static let curveMax = 8
    /// A rung with fewer is not worth being one.
    static let candidatesMin = 3

    package let rungs: [Rung]
    private let target: Double
    /// By candidate, in the order of seeds.
    package private(set) var measurements: [[TuningMeasurement]]
    /// Those of the rung at work, or of the last one, in the order of their numbers.
    package private(set) var competitors: [Int]
    private var rung = 0

    /// - Parameters:
    ///   - candidates: at least 1; the first is the default.
    ///   - seeds: of the last rung, 1 and up; at least 1.
    ///   - target: attainment that is to be reached.
    package init(candidates: Int, seeds: Int, target: Double) {
        precondition(candidates >= 1 && seeds >= 1, "a search needs a candidate and a seed")
        rungs = Self.rungs(candidates: candidates, seeds: seeds)
        self.target = target
        measurements = Array(repeating: [], count: candidates)
        competitors = Array(0..<candidates)
    }

    private static func rungs(candidates: Int, seeds: Int) -> [Rung] {
        var steps = [seeds]
        var left = candidates
        while steps[0] > 1, left >= candidatesMin * reduction {
            steps.insert((steps[0] + reduction - 1) / reduction, at: 0)
            left = (left + reduction - 1) / reduction
        }
        left = candidates
        return steps.map { seeds in
            defer { left = (left + reduction - 1) / reduction }
            return Rung(candidates: left, seeds: seeds)
        }
    }

    /// Whether all rungs are measured.
    package var isOver: Bool { rung == rungs.count }

    /// The runs of the rung at work that are missing; none when it is over.
    package var due: [Trial] {
        guard !isOver else { return [] }
        return competitors.flatMap { candidate in
            (measurements[candidate].count..<rungs[rung].seeds).map {
                Trial(candidate: candidate, seed: UInt64($0) + 1)
            }
        }
    }

    /// Takes what the runs that were due have brought, and goes on to the next rung.
    ///
    /// - Parameter results: in the order of `due`.
    package mutating func finish(_ results: [TuningMeasurement]) {
        let trials = due
        precondition(results.count == trials.count, "each trial has a result")
        for (trial, result) in zip(trials, results) { measurements[trial.candidate].append(result) }
        rung += 1
        guard !isOver else { return }
        competitors = Set(ranking.prefix(rungs[rung].candidates) + thinned(curve) + [0]).sorted()
    }

    /// The mean of a candidate that was measured.
    package func mean(_ candidate: Int) -> TuningMeasurement { TuningMeasurement(meanOf: measurements[candidate]) }

    /// The competitors, the best first; of equal ones the first.
    package var ranking: [Int] {
        // Swift's sort is stable.
        competitors.sorted { mean($0).isBetter(than: mean($1), target: target) }
    }

    /// The competitors that no other beats in both cost and attainment, the cheapest first.
    package var curve: [Int] { TradeOff.curve(competitors.map(mean)).map { competitors[$0] } }

    /// At most `curveMax`, from one end of the curve to the other.
    private func thinned(_ curve: [Int]) -> [Int] {
        guard curve.count > Self.curveMax else { return curve }
        return (0..<Self.curveMax).map { curve[$0 * (curve.count - 1) / (Self.curveMax - 1)] }
    }
}
