package import Backtest

/// What came of a search for settings, in sentences.
package struct TuningSummary {
    private let report: TuningReport

    /// - Parameter report: that is summed up.
    package init(_ report: TuningReport) { self.report = report }

    /// What was found, what it is worth where it was held out, and what is kept.
    package var sentences: [String] { [found, reach, heldOut].compactMap { $0 } }

    private var found: String {
        let standard = report.candidates[0].mean
        let chosen = report.candidates[report.chosen].mean
        guard report.chosen != 0 else {
            return
                "The defaults, \(Self.figures(standard)), are as good as any of the \(report.candidates.count) candidates: "
                + "nothing has to be set."
        }
        return
            "On the searched traffic: \(Self.figures(chosen)) in place of \(Self.figures(standard)) with the defaults, "
            + "\(Self.difference(from: standard, to: chosen))."
    }

    private var reach: String? {
        guard !report.candidates[report.chosen].mean.reaches(report.attainmentTarget) else { return nil }
        return
            "No candidate reaches \(Figures.target(report.attainmentTarget))\u{a0}%: the one that comes nearest was chosen, "
            + "whatever it costs. With a lower --attainment the cheapest that reaches that is chosen."
    }

    private var heldOut: String? {
        switch report.verdict {
        case .defaultIsBest: return nil
        case .unconfirmed:
            return "Nothing was held out: part of the gain is luck, and how much nobody can tell."
        case .confirmed, .refused:
            guard let comparison = report.heldOut else { return nil }
            let (chosen, standard) = (comparison.chosenMean, comparison.standardMean)
            let outcome =
                "Held out: \(Self.figures(chosen)) in place of \(Self.figures(standard)), "
                + Self.difference(from: standard, to: chosen)
            guard comparison.isBetter else {
                return "\(outcome). The chosen settings are not better there: the defaults are kept."
            }
            return
                "\(outcome): \(standard.reaches(comparison.target) ? "better there too" : "better served there too")."
        }
    }

    private static func figures(_ measurement: TuningMeasurement) -> String {
        "\(Figures.amount(measurement.acceleratorHours)) accelerator-hours at "
            + "\(Figures.percent(measurement.attainment))\u{a0}%"
    }

    private static func difference(from old: TuningMeasurement, to new: TuningMeasurement) -> String {
        let hours = old.acceleratorHours - new.acceleratorHours
        let share = old.acceleratorHours > 0 ? abs(hours) / old.acceleratorHours : 0
        return "\(Figures.decimal(share * 100, places: 1))\u{a0}% \(hours < 0 ? "more" : "less")"
    }
}
