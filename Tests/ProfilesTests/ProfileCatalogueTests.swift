import Fleet
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
}
