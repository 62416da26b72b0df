/// What the runs of one cell say of the parts that were replaced.
struct LimitsFindings {
    /// A policy with a replacement: means over the seeds.
    struct Row {
        /// 0 ... 1.
        var attainment: Double
        /// To the clairvoyant; nil without one.
        var ratio: Double?

        var isGood: Bool { attainment >= LimitsPage.target - ResultsCommand.targetTolerance }
    }

    /// A perfect version that might be what the policy lacks most.
    private struct Candidate {
        var name: String
        var row: Row
    }

    private let document: BacktestDocument

    init(_ document: BacktestDocument) { self.document = document }

    /// What rounding to whole replicas adds, in x.
    var rounding: Double? {
        guard let reference = document.references.first, let hours = reference.roundingAcceleratorHours,
            let clairvoyant = reference.clairvoyantAcceleratorHours
        else { return nil }
        return hours / clairvoyant
    }

    func row(_ order: String, _ replacement: Replacement, isTuned: Bool) -> Row? {
        let name = "tideway" + order + replacement.suffix
        let runs = document.runs.filter { $0.policy == name && $0.tuned == isTuned }
        guard !runs.isEmpty else { return nil }
        let ratios = runs.compactMap(\.ratioToClairvoyant)
        return Row(
            attainment: Statistics(runs.map(\.attainment)).mean,
            ratio: ratios.isEmpty ? nil : Statistics(ratios).mean)
    }

    /// What limits the policy in an order of dispatch most.
    func sentence(_ order: String) -> String {
        guard let plain = row(order, Replacement.all[0], isTuned: false),
            let tuned = row(order, Replacement.all[0], isTuned: true)
        else { return "" }
        let service = plain.isGood ? "" : missing(plain, candidates(order, isTuned: false))
        return "`tideway\(order)`: " + service + cost(plain, tuned, candidates(order, isTuned: true))
    }

    private func candidates(_ order: String, isTuned: Bool) -> [Candidate] {
        var found = Replacement.all.filter(\.isOnePart).compactMap { part in
            row(order, part, isTuned: isTuned).map { Candidate(name: part.name, row: $0) }
        }
        if order.isEmpty, let other = row("+slo", Replacement.all[0], isTuned: isTuned) {
            found.append(Candidate(name: "the order slo", row: other))
        }
        return found
    }

    /// Who misses the target is limited by what brings it nearest; of those that reach it, by what does at least cost.
    private func missing(_ plain: Row, _ candidates: [Candidate]) -> String {
        let reaching = candidates.filter { $0.row.isGood }.min { ratio($0.row) < ratio($1.row) }
        guard let best = reaching ?? candidates.max(by: { $0.row.attainment < $1.row.attainment }),
            best.row.attainment > plain.attainment
        else { return "misses the target, and no perfect part brings it nearer. " }
        return "misses the target (\(percent(plain)) %) most for want of \(best.name) (\(percent(best.row)) %). "
    }

    private func cost(_ plain: Row, _ tuned: Row, _ candidates: [Candidate]) -> String {
        let best = candidates.filter { $0.row.isGood }.min { ratio($0.row) < ratio($1.row) }
        guard tuned.isGood else {
            return best.map { "No knob reaches the target at all; with \($0.name) one does, at \(text($0.row)) x." }
                ?? "No knob reaches the target at all, whatever single part is perfect."
        }
        var gains: [(name: String, gain: Double, row: Row)] = []
        if plain.isGood { gains.append(("the tuned capacity curve", ratio(plain) - ratio(tuned), tuned)) }
        if let best { gains.append((best.name, ratio(tuned) - ratio(best.row), best.row)) }
        guard let most = gains.max(by: { $0.gain < $1.gain }), most.gain >= LimitsPage.least else {
            return "No single part costs \(Text.number(LimitsPage.least, 2)) x or more."
        }
        let before = most.name == "the tuned capacity curve" ? plain : tuned
        return "In cost \(most.name) would save most: \(text(before)) to \(text(most.row)) x."
    }

    private func ratio(_ row: Row) -> Double { row.ratio ?? .infinity }

    private func text(_ row: Row) -> String { row.ratio.map { Text.number($0, 2) } ?? "-" }

    private func percent(_ row: Row) -> String { Text.number((row.attainment * 1000 + 1e-9).rounded(.down) / 10, 1) }
}
