import Backtest
import Policies

/// A search that was invented to test its page.
enum SyntheticTuning {
    /// 30 candidates along a curve; the default is above it.
    static func report(heldOut: Bool = true) -> TuningReport {
        let parameters = TidewayParameter.searched
        let settings = TuningCandidates.settings(count: 30, of: parameters, around: TidewaySettings(), seed: 1)
        var search = SuccessiveHalving(candidates: 30, seeds: 9, target: 0.99)
        while !search.isOver { search.finish(search.due.map { measure($0.candidate, $0.seed) }) }
        var report = TuningReport(
            search, settings: settings, policy: "tideway", parameters: parameters, target: 0.99,
            subject: "synthetic: 96,830 requests in 58 min, held out from 41 min on")
        if heldOut {
            let runs = (1...9).map { TuningMeasurement(acceleratorHours: 3 + Double($0) / 100, attainment: 0.994) }
            report.heldOut = HeldOutComparison(
                chosen: runs,
                standard: runs.map { measurement in
                    var measurement = measurement
                    measurement.acceleratorHours += 0.2
                    return measurement
                }, target: 0.99)
        }
        report.plant = [("start_up_seconds", "60.0"), ("candidates", "30")]
        report.notes = ["This search was invented to test the page </script>."]
        return report
    }

    private static func measure(_ candidate: Int, _ seed: UInt64) -> TuningMeasurement {
        let place = Double((candidate * 7 + 23) % 30) / 30
        let waste = Double(candidate * 11 % 5) / 10
        let hours = candidate == 0 ? 8.1 : 6 + 3 * place + waste + Double(seed % 3) / 100
        return TuningMeasurement(acceleratorHours: hours, attainment: 1 - 0.03 * (1 - place) * (1 - place) - 0.0005)
    }
}
