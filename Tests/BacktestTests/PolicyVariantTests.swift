import Backtest
import Policies
import Simulation
import Testing

struct PolicyVariantTests {
    @Test(arguments: [
        ("hpa", "hpa", false), ("hpa+slo", "hpa", true), ("keda-queue+conc", "keda-queue+conc", false),
        ("keda-queue+conc+slo", "keda-queue+conc", true), ("tideway+perfect-forecast", "tideway", false),
        ("tideway+perfect-bursts+slo+perfect-starts", "tideway", true), ("tideway+perfect", "tideway", false),
        ("tideway+perfekt", "tideway+perfekt", false),
    ])
    func name_fallsIntoPolicyAndSuffixes(name: String, policy: String, isInTime: Bool) {
        let variant = PolicyVariant(name)
        #expect(variant.name == name)
        #expect(variant.policy == policy)
        #expect(variant.isInTime == isInTime)
    }

    @Test(arguments: [
        ("tideway+perfect", nil), ("hpa+exact-starts+perfect-starts", nil), ("hpa+perfect-bursts", "+perfect-bursts"),
        ("hpa+slo+perfect", "+perfect"),
    ])
    func misplacedSuffix_isWhatOnlyTidewayHas(name: String, suffix: String?) {
        #expect(PolicyVariant(name).misplacedSuffix == suffix)
    }

    private func run(_ name: String) throws -> BacktestRun { try StudyTests.study.run(name, seed: 1) }

    @Test func starts_replaced_areExactOrTakeNoTime() throws {
        let plain = try run("forecast")
        let exact = try run("forecast+exact-starts")
        let instant = try run("forecast+perfect-starts")
        #expect(instant.policy == "forecast+perfect-starts")
        #expect(exact.outcome.digest != plain.outcome.digest)
        #expect(plain.outcome.startUpSeconds > 0)
        #expect(instant.outcome.startUpSeconds == 0)
        #expect(instant.outcome.starts > 0)
    }

    // The hump is known: served better than without, and for less than the policy that knows nothing.
    @Test func everything_replaced_servesBetterOrCostsLess() throws {
        let plain = try run("tideway")
        let perfect = try run("tideway+perfect")
        #expect(perfect.outcome.digest != plain.outcome.digest)
        #expect(
            perfect.outcome.attainment > plain.outcome.attainment
                || perfect.outcome.acceleratorHours < plain.outcome.acceleratorHours)
    }

    @Test(arguments: ["+perfect-forecast", "+perfect-bursts", "+perfect-release", "+exact-starts", "+perfect-starts"])
    func part_replaced_changesTheRun(suffix: String) throws {
        #expect(try run("tideway" + suffix).outcome.digest != run("tideway").outcome.digest)
    }

    // Half a replica is not needed where a replica carries twice the demand; a fleet of 600 s rounds by less than one replica.
    @Test func rounding_isLessThanOneReplica() {
        let hours = StudyTests.study.references.roundingAcceleratorHours
        #expect(hours > 0)
        #expect(hours < 600.0 / 3600 * 2 + 0.1)
    }
}
