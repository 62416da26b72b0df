import Configuration
import Foundation
import Testing

struct APIKeysTests {
    /// A file that is removed afterwards.
    private func withFile<Result>(_ text: String, mode: Int = 0o600, _ body: (String) throws -> Result) throws -> Result
    {
        let file = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path)
    }

    @Test func read_aFile_givesTenants() throws {
        let keys = try withFile("# ours\n\nsk-1 research\n  sk-2==\tsupport \r\n") { try APIKeys.read(file: $0) }
        #expect(keys == APIKeys(tenants: ["sk-1": "research", "sk-2==": "support"]))
    }

    @Test(arguments: [
        ("sk-1\n", ":1: a line has 1 words"), ("# x\nsk-1 a b\n", ":2: a line has 3 words"),
        ("sk-1 a\nsk-1 b\n", ":2: the key stands twice"), ("sk-1 a/b\n", "'a/b'"), ("# none\n", "has 0 keys"),
        ("sk-ä a\n", "cannot be sent"),
    ])
    func read_aBadFile_namesTheLineAndNoKey(text: String, words: String) throws {
        try withFile(text) { file in
            let error = #expect(throws: APIKeysError.self) { try APIKeys.read(file: file) }
            #expect(error?.code == .malformed)
            #expect(error?.message.contains(words) == true, "\(error.map(\.description) ?? "")")
            #expect(error?.description.contains("sk-") == false)
        }
    }

    @Test func read_aMissingFile_isUnreadable() {
        let error = #expect(throws: APIKeysError.self) { try APIKeys.read(file: "no-such-keys") }
        #expect(error?.code == .unreadable)
    }

    @Test func read_pairs_allowsEqualSignsInKeys() throws {
        let keys = try APIKeys.read(pairs: "sk-1=research, YWJj===support", variable: "KEYS")
        #expect(keys.tenants == ["sk-1": "research", "YWJj==": "support"])
    }

    @Test(arguments: ["sk-1", "=a", "", "sk-1=", "sk-1=a,sk-1=b"]) func read_badPairs_isMalformed(text: String) {
        let error = #expect(throws: APIKeysError.self) { try APIKeys.read(pairs: text, variable: "KEYS") }
        #expect(error?.code == .malformed)
        #expect(error?.message.hasPrefix("KEYS") == true)
    }

    @Test(arguments: [(0o644, [ConfigurationProblem.Code.exposedKeys]), (0o640, [])])
    func check_aFileOfKeys_warnsWhenEverybodyMayReadIt(mode: Int, codes: [ConfigurationProblem.Code]) throws {
        try withFile("sk-1 research\n", mode: mode) { file in
            let reading = Reading.read(Reading.minimal + "gateway: {api_keys_file: \(file)}\n")
            #expect(reading.configuration != nil)
            #expect(reading.problems.map(\.code) == codes)
        }
    }
}
