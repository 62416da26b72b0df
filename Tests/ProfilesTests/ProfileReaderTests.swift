import Fleet
import Performance
import Testing

@testable import Profiles

@Suite struct ProfileReaderTests {
    private static let complete = """
        {
          "name": "mine",
          "accelerators": 2,
          "c0": 0.01,
          "c1": 5e-5,
          "c2": 1e-7,
          "c3": 4e-5,
          "c4": 0.005,
          "max_batch": 128,
          "kv_tokens": 300000,
          "price_per_accelerator_hour": 2
        }
        """

    private func read(_ text: String) throws(ProfileError) -> PerformanceProfile {
        try ProfileReader.read(Array(text.utf8), source: "mine.json")
    }

    /// The complete file with one line replaced.
    private func problems(replacing line: String, with replacement: String) -> [String] {
        do throws(ProfileError) {
            _ = try read(Self.complete.replacing(line, with: replacement))
            return []
        } catch {
            #expect(error.source == "mine.json")
            return error.problems.map(\.description)
        }
    }

    @Test func squareRootTerm_isReadAndWritten_andZeroWhereItIsLeftOut() throws {
        #expect(try read(Self.complete).c6 == 0)
        #expect(!ProfileWriter.json(try read(Self.complete)).contains("c6"))
        let mixture = try read(Self.complete.replacing("\"c4\": 0.005,", with: "\"c4\": 0.005, \"c6\": 0.002,"))
        #expect(mixture.c6 == 0.002)
        #expect(try read(ProfileWriter.json(mixture)) == mixture)
        #expect(!problems(replacing: "\"c4\": 0.005,", with: "\"c4\": 0.005, \"c6\": -1,").isEmpty)
    }

    @Test func read_keysLeftOut_haveTheirDocumentedDefaults() throws {
        let profile = try read(Self.complete)
        #expect(profile.accelerators == 2)
        #expect(profile.chunkTokens == 512)
        #expect(profile.backlogSeconds == 0.25)
        #expect(profile.power == .assumed)
        #expect(profile.power.isAssumed)
        #expect(profile.origin == nil)
    }

    @Test func read_whatWasWritten_isTheSameProfile() throws {
        for profile in ProfileCatalogue.shipped {
            #expect(try read(ProfileWriter.json(profile)) == profile)
        }
        var odd = try read(Self.complete)
        odd.name = "a \"quoted\"\\ name\n\u{1}"
        odd.c0 = 0.1 + 0.2
        #expect(try read(ProfileWriter.json(odd)) == odd)
    }

    @Test func read_unknownKey_namesTheLineAndTheNearestKey() {
        let found = problems(replacing: "\"kv_tokens\": 300000", with: "\"kv_token\": 300000")
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("line 10: kv_token: unknown key; did you mean kv_tokens?") == true)
        #expect(
            found.last == "kv_tokens: missing; add tokens of context that fit in memory, a whole number of at least 1")
    }

    @Test(arguments: [
        ("\"c0\": 0.01", "\"c0\": 0", "line 4: c0: found 0; write a number above zero: seconds per decode iteration"),
        ("\"c0\": 0.01", "\"c0\": -1", "line 4: c0: found -1; write a number above zero: seconds per decode iteration"),
        (
            "\"c1\": 5e-5", "\"c1\": \"fast\"",
            "line 5: c1: found the text \"fast\"; write a number of zero or more: seconds per iteration and decoding sequence"
        ),
        (
            "\"c4\": 0.005", "\"c4\": true",
            "line 8: c4: found true; write a number of zero or more: seconds per prefill"
        ),
        (
            "\"c4\": 0.005", "\"c4\": [1]",
            "line 8: c4: found a list or an object; write a number of zero or more: seconds per prefill"
        ),
        (
            "\"max_batch\": 128", "\"max_batch\": 12.5",
            "line 9: max_batch: found 12.5; write a whole number of at least 1: requests running at once at most"
        ),
        (
            "\"accelerators\": 2", "\"accelerators\": 0",
            "line 3: accelerators: found 0; write a whole number of at least 1: accelerators that one replica occupies"
        ),
        (
            "\"name\": \"mine\"", "\"name\": null",
            "line 2: name: found null; write a text that is not empty: what users call the profile"
        ),
        ("\"c0\": 0.01,", "\"c0\": 0.01,\n\"c0\": 0.02,", "line 5: c0: given twice; remove one"),
        (
            "\"max_batch\": 128,", "\"max_batch\": 128, \"chunk\": 0,",
            "line 9: chunk: found 0; write a number above zero: prompt tokens prefilled in one mixed iteration"
        ),
        (
            "\"max_batch\": 128,", "\"max_batch\": 128, \"power_assumed\": 1,",
            "line 9: power_assumed: found 1; write true or false: whether the watts were not measured on this model and accelerator"
        ),
    ])
    func read_wrongValue_saysWhereWhatAndWhatToWrite(line: String, replacement: String, message: String) {
        #expect(problems(replacing: line, with: replacement) == [message])
    }

    @Test func read_someOfTheWatts_asksForTheOthers() {
        let found = problems(replacing: "\"max_batch\": 128,", with: "\"max_batch\": 128, \"power_idle\": 60,")
        #expect(
            found == [
                "power_busy: missing; add watts of one busy accelerator, a number of zero or more",
                "power_per_sequence: missing; add watts added by each decoding sequence, a number of zero or more",
            ])
    }

    @Test func read_severalProblems_reportsAllAtOnceInTheOrderOfTheFile() {
        let text = Self.complete.replacing("0.01", with: "-1").replacing("300000", with: "\"many\"")
            .replacing("\"name\": \"mine\",", with: "")
        do throws(ProfileError) {
            _ = try read(text)
            Issue.record("a broken profile was accepted")
        } catch {
            #expect(error.code == .invalidProfile)
            #expect(error.problems.map(\.key) == ["c0", "kv_tokens", "name"])
            #expect(error.description.split(separator: "\n").allSatisfy { $0.hasPrefix("mine.json: ") })
        }
    }

    @Test(arguments: ["NaN", "Infinity", "1e999", "0.01,,"]) func read_noJSON_saysSo(value: String) {
        do throws(ProfileError) {
            _ = try read(Self.complete.replacing("0.01", with: value))
            Issue.record("\(value) was accepted")
        } catch {
            #expect(error.code == .malformedJSON)
            #expect(error.description.contains("NaN, Infinity and comments are not JSON"))
        }
    }

    @Test(arguments: ["", "[]", "3", "\"text\""]) func read_noObject_saysSo(text: String) {
        #expect(throws: ProfileError.self) { try read(text) }
    }
}
