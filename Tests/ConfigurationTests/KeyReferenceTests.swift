import Configuration
import Foundation
import Testing

/// `docs/configuration.md` and the catalogue say the same.
struct KeyReferenceTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/configuration.md")
    private static let begin = "<!-- Made by `tideway check --print-keys`. -->\n\n"
    private static let end = "\n<!-- End of what is made. -->"

    /// To bring the page up to date: TIDEWAY_RECORD=1 swift test --filter KeyReferenceTests
    @Test func page_reference_isWhatTheCatalogueSays() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)?.upperBound)
        let finish = try #require(text.range(of: Self.end)?.lowerBound)
        if ProcessInfo.processInfo.environment["TIDEWAY_RECORD"] == "1" {
            let changed = text[..<start] + KeyReference.markdown + text[finish...]
            try String(changed).write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(
                text[start..<finish] == KeyReference.markdown,
                "bring the page up to date with: TIDEWAY_RECORD=1 swift test --filter KeyReferenceTests")
        }
    }

    @Test func page_examples_areRead() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let examples = text.matches(of: /(?s)```yaml\n(workloads:.*?)```/).map { String($0.output.1) }
        #expect(examples.count >= 3)
        for example in examples {
            let reading = Reading.read(example)
            #expect(reading.errors.isEmpty, "\(reading.problems)\n\(example)")
        }
    }

    @Test func catalogue_everyKey_hasAMeaningAndStandsOnce() {
        let keys = ConfigurationCatalogue.keys
        #expect(Set(keys.map(\.pattern)).count == keys.count)
        #expect(keys.filter { !$0.meaning.hasSuffix(".") && !$0.meaning.hasSuffix("`.") }.map(\.pattern) == [])
        #expect(keys.filter { $0.pattern.contains(/[^a-z_\[\].]/) }.map(\.pattern) == [])
    }

    /// A default that is written out changes nothing.
    @Test(arguments: ConfigurationCatalogue.keys.filter(\.isDefaultWritable))
    func default_writtenOut_changesNothing(key: CatalogueKey) throws {
        let reading = Reading.read(try Self.file(with: key, value: try #require(key.defaultText)))
        let plain = Reading.read(try Self.file(with: nil, value: ""))
        #expect(reading.errors.isEmpty, "\(reading.problems)")
        #expect(reading.configuration != nil)
        #expect(reading.configuration == plain.configuration)
    }

    /// The minimal file with one more key.
    private static func file(with key: CatalogueKey?, value: String) throws -> String {
        guard let key else { return Reading.minimal }
        let parts = key.pattern.split(separator: ".").map { String($0).replacing("[]", with: "") }
        let anchors = [
            "processes": "            command:", "variants": "        engine:",
            "node_pools": "    accelerators_per_node:",
        ]
        for (section, anchor) in anchors.sorted(by: { $0.key < $1.key }) where parts.dropLast().last == section {
            let indentation = String(repeating: " ", count: anchor.prefix { $0 == " " }.count)
            return Reading.minimal(anchor, "\(indentation)\(parts.last ?? ""): \(value)\n\(anchor)")
        }
        guard parts.first == "workloads" else { return Reading.minimal + flow(parts, value) + "\n" }
        return Reading.minimal("    variants:", "    \(flow(Array(parts.dropFirst()), value))\n    variants:")
    }

    /// `a: {b: value}`
    private static func flow(_ parts: [String], _ value: String) -> String {
        let quoted = "'\(value)'"
        guard parts.count > 1 else { return "\(parts.first ?? ""): \(quoted)" }
        return "\(parts[0]): {\(flow(Array(parts.dropFirst()), value))}"
    }
}
