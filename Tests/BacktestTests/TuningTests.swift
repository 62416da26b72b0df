import Backtest
import Policies
import Sampling
import Simulation
import Testing
import Traces

@Suite struct TuningCandidatesTests {
    private func settings(_ count: Int, seed: UInt64 = 1) -> [TidewaySettings] {
        TuningCandidates.settings(
            count: count, of: TidewayParameter.searched, around: TidewaySettings(), seed: seed)
    }

    @Test func settings_first_isTheDefault() {
        #expect(settings(5)[0] == TidewaySettings())
        #expect(settings(1) == [TidewaySettings()])
    }

    @Test func settings_sameSeed_areTheSame() {
        #expect(settings(30) == settings(30))
        #expect(settings(30, seed: 2)[1] != settings(30)[1])
    }

    @Test func settings_all_lieInTheirBoxesAndOnBothSidesOfTheDefault() throws {
        for parameter in TidewayParameter.searched {
            let box = try #require(parameter.searched)
            let values = settings(200).dropFirst().map(parameter.value)
            #expect(values.allSatisfy(box.contains), "\(parameter.name)")
            let usual = parameter.value(in: TidewaySettings())
            #expect(abs(values.count { $0 < usual } - 100) < 8, "\(parameter.name)")
            #expect(Set(values).count > 50, "\(parameter.name)")
        }
    }

    @Test func settings_otherParameters_areLeftAlone() {
        for parameter in TidewayParameter.all where parameter.searched == nil {
            #expect(settings(20).allSatisfy { parameter.value(in: $0) == parameter.value(in: TidewaySettings()) })
        }
    }
}

@Suite struct TidewayParameterTests {
    @Test(arguments: TidewayParameter.all)
    func parameter_isWrittenAndReadWithinItsRange(parameter: TidewayParameter) {
        var settings = TidewaySettings()
        let usual = parameter.value(in: settings)
        #expect(parameter.range.contains(usual))
        #expect(parameter.scale == .linear || parameter.range.lowerBound > 0)
        if let box = parameter.searched {
            #expect(parameter.range.clamped(to: box) == box && box.contains(usual))
        }
        for value in [parameter.range.lowerBound, parameter.range.upperBound] {
            parameter.set(value, in: &settings)
            #expect(parameter.value(in: settings) == value)
        }
    }

    @Test func names_standOnceAndInSnakeCase() {
        let names = TidewayParameter.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil })
    }

    @Test func differences_nameWhatIsNotTheDefault() {
        var settings = TidewaySettings()
        #expect(settings.differences == [])
        settings.caution = 0.7
        settings.penalty = 3
        #expect(settings.differences == ["caution 0.7", "penalty 3.0"])
    }
}

@Suite struct SuccessiveHalvingTests {
    /// Cost falls towards candidate `best`, and each seed adds its own noise, the same to all.
    private static func measure(_ trial: SuccessiveHalving.Trial, best: Int) -> TuningMeasurement {
        var generator = SeededGenerator(seed: trial.seed, stream: UInt64(trial.candidate))
        let noise = Double.random(in: -0.5...0.5, using: &generator)
        return TuningMeasurement(acceleratorHours: 10 + Double(abs(trial.candidate - best)) + noise, attainment: 0.995)
    }

    private static func run(
        _ search: SuccessiveHalving, _ measure: (SuccessiveHalving.Trial) -> TuningMeasurement
    ) -> SuccessiveHalving {
        var search = search
        while !search.isOver { search.finish(search.due.map(measure)) }
        return search
    }

    @Test func rungs_thirdsOfCandidatesGetThreeTimesTheSeeds() {
        let search = SuccessiveHalving(candidates: 81, seeds: 9, target: 0.99)
        #expect(search.rungs.map(\.candidates) == [81, 27, 9])
        #expect(search.rungs.map(\.seeds) == [1, 3, 9])
        #expect(SuccessiveHalving(candidates: 4, seeds: 9, target: 0.99).rungs.map(\.seeds) == [9])
        #expect(SuccessiveHalving(candidates: 100, seeds: 1, target: 0.99).rungs.map(\.candidates) == [100])
    }

    @Test func due_measuresNothingTwice() {
        var made: [SuccessiveHalving.Trial] = []
        let search = Self.run(SuccessiveHalving(candidates: 81, seeds: 9, target: 0.99)) {
            made.append($0)
            return Self.measure($0, best: 40)
        }
        #expect(Set(made).count == made.count)
        // 81 x 1, 2 more of each of 27, 6 more of each of 9; the default and at most 8 of the curve besides.
        #expect((81 + 54 + 54...81 + 72 + 108).contains(made.count))
        #expect(search.due.isEmpty)
        #expect(search.measurements[0].count == 9)
        #expect(search.measurements[search.ranking[0]].count == 9)
    }

    @Test(arguments: [1, 17, 40, 80])
    func search_syntheticObjective_findsTheBest(best: Int) {
        let search = Self.run(SuccessiveHalving(candidates: 81, seeds: 9, target: 0.99)) {
            Self.measure($0, best: best)
        }
        #expect(abs(search.ranking[0] - best) <= 1)
    }

    @Test func search_twice_isTheSame() {
        let searches = (0..<2).map { _ in
            Self.run(SuccessiveHalving(candidates: 30, seeds: 5, target: 0.99)) { Self.measure($0, best: 7) }
        }
        #expect(searches[0].ranking == searches[1].ranking)
        #expect(searches[0].measurements == searches[1].measurements)
    }

    @Test func search_targetOutOfReach_takesTheNearest() {
        let search = Self.run(SuccessiveHalving(candidates: 20, seeds: 3, target: 0.99)) {
            TuningMeasurement(acceleratorHours: Double($0.candidate), attainment: 0.5 + Double($0.candidate) / 100)
        }
        #expect(search.ranking[0] == 19)
    }

    @Test func search_allEqual_keepsTheDefault() {
        let search = Self.run(SuccessiveHalving(candidates: 20, seeds: 3, target: 0.99)) { _ in
            TuningMeasurement(acceleratorHours: 3, attainment: 1)
        }
        #expect(search.ranking[0] == 0)
        #expect(search.curve == [0])
    }

    @Test func curve_goesOnToTheLastRung() {
        // The dearer, the better served; the cheapest that reach the target win, but the curve's ends are kept.
        let search = Self.run(SuccessiveHalving(candidates: 81, seeds: 9, target: 0.99)) {
            TuningMeasurement(
                acceleratorHours: Double($0.candidate), attainment: 0.98 + Double($0.candidate) / 81 * 0.019)
        }
        #expect(search.ranking[0] == 43)
        #expect(search.curve.count > 9)
        #expect(search.curve.allSatisfy { search.measurements[$0].count == 9 })
    }
}

@Suite struct TuningComparisonTests {
    private func runs(_ hours: [Double], _ attainment: Double) -> [TuningMeasurement] {
        hours.map { TuningMeasurement(acceleratorHours: $0, attainment: attainment) }
    }

    private func isBetter(_ chosen: [TuningMeasurement], _ standard: [TuningMeasurement]) -> Bool {
        HeldOutComparison(chosen: chosen, standard: standard, target: 0.99).isBetter
    }

    @Test func heldOut_cheaperAndInTime_isBetter() {
        #expect(isBetter(runs([8, 8.1, 7.9], 0.992), runs([9, 9.1, 9], 0.997)))
    }

    @Test func heldOut_targetMissed_isRefused() {
        #expect(!isBetter(runs([8, 8.1, 7.9], 0.985), runs([9, 9.1, 9], 0.997)))
    }

    @Test func heldOut_dearer_isRefused() {
        #expect(!isBetter(runs([9, 9.1, 9], 0.999), runs([8, 8, 8], 0.991)))
    }

    /// Saved on the mean 0.1, but by -1, 1 and 0.3: within its error.
    @Test func heldOut_gainWithinItsError_isRefused() {
        #expect(!isBetter(runs([9, 7, 7.7], 0.995), runs([8, 8, 8], 0.995)))
    }

    @Test func heldOut_onlyChosenReaches_isBetterWhateverItCosts() {
        #expect(isBetter(runs([12], 0.991), runs([8], 0.98)))
        #expect(isBetter(runs([12], 0.95), runs([8], 0.9)))
    }

    @Test func curve_keepsWhatNoOtherBeats() {
        let points = [(3.0, 0.99), (2, 0.98), (4, 0.985), (2, 0.97), (3, 0.99), (5, 0.999)].map {
            TuningMeasurement(acceleratorHours: $0.0, attainment: $0.1)
        }
        #expect(TradeOff.curve(points) == [1, 0, 5])
    }
}

@Suite struct TuningRunTests {
    private func trace(seconds: Int, perSecond: Int) -> Trace {
        var builder = TraceBuilder()
        for index in 0..<seconds * perSecond {
            builder.append(
                .init(
                    row: RequestRow(
                        arrival: Double(index) / Double(perSecond), promptTokens: 100, outputTokens: 10)))
        }
        return builder.finish(name: "even")
    }

    @Test func split_longHistory_endsTheFirstPartWhereTheSecondBegins() throws {
        let trace = trace(seconds: 2100, perSecond: 2)
        let split = try #require(HistorySplit(trace, share: 0.3, measureFrom: 0))
        #expect(split.heldOutFrom == 1470)
        #expect(split.searched.count == 2940)
        #expect(split.searched.name == "even")
    }

    @Test func split_tooShortOrTooFewRequests_isNone() {
        #expect(HistorySplit(trace(seconds: 1900, perSecond: 2), share: 0.3, measureFrom: 0) == nil)
        #expect(HistorySplit(trace(seconds: 2000, perSecond: 1), share: 0.3, measureFrom: 0) == nil)
        #expect(HistorySplit(trace(seconds: 2000, perSecond: 2), share: 0.3, measureFrom: 1000) == nil)
    }

    /// A candidate's run is what `backtest` runs.
    @Test func study_defaults_measureWhatTheStudyRuns() throws {
        let run = try StudyTests.study.run("tideway", seed: 3)
        let found = try TuningStudy([StudyTests.study], policy: "tideway").measure(TidewaySettings(), seed: 3)
        #expect(found.acceleratorHours == run.outcome.acceleratorHours)
        #expect(found.attainment == run.outcome.attainment)
    }

    @Test func study_otherSettings_changeTheRun() throws {
        var settings = TidewaySettings()
        settings.penalty = 0.2
        settings.surgePenalty = 0.2
        let study = TuningStudy([StudyTests.study], policy: "tideway")
        let (usual, other) = (try study.measure(TidewaySettings(), seed: 1), try study.measure(settings, seed: 1))
        #expect(other.acceleratorHours < usual.acceleratorHours)
        let both = try TuningStudy([StudyTests.study, StudyTests.study], policy: "tideway").measure(settings, seed: 1)
        #expect(both.acceleratorHours == 2 * other.acceleratorHours && both.attainment == other.attainment)
    }

    @Test func study_settings_holdInBothOrders() throws {
        var study = StudyTests.study
        study.addInTime()
        let usual = try study.run("tideway+slo", seed: 1).outcome.acceleratorHours
        study.settings.penalty = 0.2
        study.settings.surgePenalty = 0.2
        #expect(try study.run("tideway+slo", seed: 1).outcome.acceleratorHours < usual)
    }
}
