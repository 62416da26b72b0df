import Fleet
import Foundation
import Performance
import Testing

@testable import Profiles

@Suite struct ProfileCatalogueTests {
    /// The table of the reference plant, in its own units: ms, us, ns, us, ms.
    @Test(arguments: [
        ("8b-a100", 1, [14.14, 92.8, 124.4, 63.1, 8], 512.0, 430_000, [63, 235, 1.31]),
        ("8b-h100", 1, [7.74, 47.2, 58.8, 25.5, 8], 1024.0, 430_000, [100, 375, 1.40]),
        ("70b-h100x4", 4, [19.21, 64.7, 58.8, 94.5, 23.8], 256.0, 470_000, [100, 375, 1.40]),
    ])
    func catalogue_profilesOfThePlant_equalItsTableDigitByDigit(
        name: String, accelerators: Int, coefficients: [Double], chunk: Double, kvTokens: Int, watts: [Double]
    ) throws {
        let profile = try ProfileCatalogue.load(name)
        #expect(profile.accelerators == accelerators)
        let found = [profile.c0, profile.c1, profile.c2, profile.c3, profile.c4]
        for (value, (expected, scale)) in zip(found, zip(coefficients, ["e-3", "e-6", "e-9", "e-6", "e-3"])) {
            #expect(value == Double("\(expected)\(scale)"))
        }
        #expect(profile.chunkTokens == chunk)
        #expect(profile.maxBatch == 256)
        #expect(profile.kvTokens == kvTokens)
        #expect(profile.backlogSeconds == 0.25)
        let power = profile.power
        #expect([power.idle.watts, power.busy.watts, power.perSequence.watts] == watts)
        #expect(!power.isAssumed)
    }

    @Test func catalogue_shippedProfiles_haveNamesOfTheirOwnAndAnOrigin() {
        let shipped = ProfileCatalogue.shipped
        #expect(Set(shipped.map(\.name)).count == shipped.count)
        for name in ["8b-fp8-h200", "32b-fp8-h100", "70b-a100x4", "70b-fp8-h100x4"] {
            #expect(shipped.contains { $0.name == name })
        }
        #expect(shipped.allSatisfy { $0.origin != nil && $0.price.perAcceleratorHour > 0 })
        #expect(shipped.contains { $0.name == ProfileCatalogue.defaultName })
    }

    @Test func load_misspeltName_namesTheNearestAndAll() {
        do throws(ProfileError) {
            _ = try ProfileCatalogue.load("8b-a10")
            Issue.record("a profile that does not exist was loaded")
        } catch {
            #expect(error.code == .unknownProfile)
            #expect(error.description.contains("Did you mean 8b-a100?"))
            #expect(error.description.contains("70b-h100x4"))
        }
    }

    @Test func load_directory_isNoProfile() {
        do throws(ProfileError) {
            _ = try ProfileCatalogue.load("/")
            Issue.record("a directory was loaded")
        } catch {
            #expect(error.code == .unreadableFile)
            #expect(error.description.contains("it is a directory"))
        }
    }

    @Test func load_path_readsTheFile() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var profile = try ProfileCatalogue.load("8b-h100")
        profile.name = "mine"
        try ProfileWriter.json(profile).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ProfileCatalogue.load(path) == profile)
    }

    @Test(arguments: [("kv_token", "kv_tokens"), ("C0", "c0"), ("prise_per_hour", nil), ("zzzzzz", nil)])
    func nearestName_ofAWord_isTheOneWithFewestEdits(word: String, expected: String?) {
        #expect(NearestName.of(word, among: ["kv_tokens", "c0", "chunk"]) == expected)
    }
}
