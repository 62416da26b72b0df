import Configuration
import Policies
import Testing

/// Settings of the policy, in a file of their own and in `tideway.yaml`: one reader.
struct PolicySettingsTests {
    private func read(_ text: String) -> PolicySettingsFile.Reading {
        PolicySettingsFile.read(Array(text.utf8), file: "settings.yaml")
    }

    @Test func file_written_isReadAsItWas() throws {
        var settings = TidewaySettings()
        settings.caution = 0.725
        settings.surgeLateShare = 0.0123
        settings.surgeMemorySeconds = 5400
        let text = PolicySettingsFile.text(settings, of: TidewayParameter.all, comments: ["Chosen."])
        #expect(text.hasPrefix("# Chosen.\npolicy:\n  caution: 0.725\n"))
        #expect(text.contains("\n  surge_memory: 90m\n"))
        let reading = read(text)
        #expect(reading.problems.isEmpty, "\(reading.problems)")
        #expect(reading.settings == settings)
    }

    @Test func file_ofAWholeConfiguration_isRead() {
        let reading = read(Reading.minimal + "policy: {penalty: 3}\n")
        #expect(reading.problems.isEmpty, "\(reading.problems)")
        #expect(reading.settings?.penalty == 3)
        #expect(reading.settings?.caution == TidewaySettings().caution)
    }

    @Test func configuration_policySection_isTaken() throws {
        let reading = Reading.read(Reading.minimal + "policy: {penalty: 3, surge_memory: 1h}\n")
        let configuration = try #require(reading.configuration, "\(reading.problems)")
        #expect(configuration.policy.penalty == 3)
        #expect(configuration.policy.surgeMemorySeconds == 3600)
    }

    @Test func reload_changedSetting_holdsAtOnce() throws {
        let before = try #require(Reading.read(Reading.minimal).configuration)
        let after = try #require(Reading.read(Reading.minimal + "policy: {penalty: 3}\n").configuration)
        let change = ConfigurationChange(from: before, to: after)
        #expect(change.entries(.atOnce).map(\.description) == ["policy.penalty: 1 -> 3"])
        #expect(after.reloaded(over: before).policy.penalty == 3)
    }

    @Test func configuration_settingsOfAnotherPolicy_areWarnedOf() {
        let reading = Reading.read(Reading.minimal + "policy: {penalty: 3}\ncontroller: {policy: hpa}\n")
        #expect(reading.errors.isEmpty)
        #expect(reading.warnings.map(\.code) == [.unusedKey])
        #expect(reading.warnings.first?.key == "policy")
    }

    @Test(arguments: [
        (
            "policy:\n  cauton: 0.5\n",
            "settings.yaml:2:3: error: policy.cauton: there is no such key; did you mean caution? [unknown_key]"
        ),
        (
            "policy:\n  penalty: 1\n  caution: 1.5\n",
            "settings.yaml:3:12: error: policy.caution: '1.5' is outside 0…1; write a number within 0…1 [out_of_range]"
        ),
        (
            "policy:\n  surge_threshold: much\n",
            "settings.yaml:2:20: error: policy.surge_threshold: 'much' is not a number; write a number within 1…10 [wrong_type]"
        ),
        (
            "policy:\n  surge_memory: 1800\n",
            "settings.yaml:2:17: error: policy.surge_memory: '1800' is not a duration: it has no unit; write a number with a "
                + "unit within 1m…1d, such as 500ms, 10s, 5m or 2h [wrong_type]"
        ),
        (
            "policy: tideway\n",
            "settings.yaml:1:9: error: policy: a single value stands where keys belong; write KEY: VALUE lines with the keys "
                + "caution, quantile_min, quantile_max, missed_time_per_caution, … [wrong_type]"
        ),
    ])
    func mistake_isToldWithFileLineKeyAndRemedy(text: String, message: String) {
        let reading = read(text)
        #expect(reading.settings == nil)
        #expect(reading.problems.map(\.description) == [message])
    }

    @Test func file_withoutTheSection_saysWhatToWrite() {
        let reading = read("caution: 0.5\n")
        #expect(reading.settings == nil)
        #expect(reading.problems.contains { $0.code == .missingKey && $0.key == "policy" })
        #expect(reading.problems.contains { $0.description.contains("it belongs in policy") })
    }

    @Test func file_missing_isNamed() {
        let reading = PolicySettingsFile.read(file: "nowhere.yaml")
        #expect(reading.problems.map(\.code) == [.unreadableFile])
        #expect(reading.problems.first?.description.contains("tideway tune --output FILE") == true)
    }
}
