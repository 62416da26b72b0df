import Testing

/// Types that nothing in Sources uses yet: words of the glossary, and the daemon's way into Control, which a test drives.
private let allowedUnused = ["Variant"]

@Suite struct DeadFilesTests {
    private func file(_ name: String, _ text: String) -> SourceFile { SourceFile("Sources/A/\(name).swift", text) }

    @Test func repository_files_holdNoPlace() {
        #expect(placeholders(Repository.swiftFiles.map(\.path)) == [])
    }

    @Test func placeholders_placeholder_isTold() {
        #expect(placeholders(["Sources/A/Placeholder.swift", "Sources/A/B.swift"]).count == 1)
    }

    @Test func repository_types_areUsed() {
        let found = unusedTypes(Repository.sources).filter { line in
            !allowedUnused.contains { line.contains("\($0) is used") }
        }
        #expect(found == [])
        // The list only shrinks: who uses one of them takes it off.
        #expect(
            allowedUnused.filter { name in !unusedTypes(Repository.sources).contains { $0.contains("\(name) is used") }
            } == [])
    }

    @Test func unusedTypes_nameStandsOnce_isTold() {
        let used = file("Used", "package struct Used {}\n/// Of Lonely.\n")
        let lonely = file("Lonely", "@frozen package final class Lonely {\n    struct Inner {}\n}\n")
        let user = file("User", "@main\nstruct Entry { let a = Used() }\n")
        #expect(unusedTypes([used, lonely, user]) == ["Sources/A/Lonely.swift: Lonely is used nowhere in Sources"])
    }

    @Test func repository_extensions_areUsed() {
        #expect(unusedExtensions(Repository.sources) == [])
    }

    @Test func unusedExtensions_nothingOfItUsed_isTold() {
        let dead = file("A+Dead", "extension A {\n    func unheard() {}\n}\n")
        let alive = file("A+Alive", "extension A {\n    func heard() {}\n}\n")
        let user = file("User", "struct User { let a = A().heard() }\n")
        let conformance = file(
            "A+Text", "extension A: CustomStringConvertible {\n    var description: String { \"\" }\n}\n")
        #expect(
            unusedExtensions([dead, alive, user, conformance]) == [
                "Sources/A/A+Dead.swift: nothing that it declares is used"
            ]
        )
    }

    @Test func repository_pages_areLinked() {
        #expect(unlinkedPages(Repository.pages) == [])
        #expect(Repository.pages.count > 4)
    }

    @Test func unlinkedPages_pageWithoutLink_isTold() {
        let pages = [
            "README.md": "[a](docs/a.md)", "docs/a.md": "[b](b.md#part)", "docs/b.md": "", "docs/c.md": "[c](c.md)",
        ]
        #expect(unlinkedPages(pages) == ["docs/c.md: no page links to it"])
    }

    @Test func repository_links_leadToFiles() {
        #expect(brokenLinks(Repository.pages, exists: Repository.exists) == [])
    }

    @Test func brokenLinks_noSuchFile_isTold() {
        let pages = ["docs/a.md": "[x](../gone.md) [y](https://example.org) [z](b.md)"]
        #expect(brokenLinks(pages) { $0 == "docs/b.md" } == ["docs/a.md: gone.md does not exist"])
    }
}
