import Testing

@Suite struct WordingTests {
    private func file(_ text: String) -> [SourceFile] { [SourceFile("Sources/A/B.swift", text)] }

    @Test func repository_names_saySomething() {
        #expect(emptyNames(Repository.allPaths) == [])
        #expect(Repository.allPaths.count > 50)
    }

    @Test(arguments: [
        "Sources/Utils/A.swift", "Sources/A/StringHelpers.swift", "Sources/A/Common.swift", "docs/misc.md",
    ])
    func emptyNames_emptyWord_isTold(_ path: String) {
        #expect(emptyNames([path]).count == 1)
    }

    @Test func emptyNames_wordInsideAWord_isFine() {
        #expect(emptyNames(["Sources/Fleet/Utilization.swift", "Sources/Fleet/Commonwealth.swift"]) == [])
    }

    @Test func repository_code_forcesNothing() {
        #expect(forcedOperators(Repository.swiftFiles) == [])
    }

    @Test func forcedOperators_forced_isTold() {
        #expect(forcedOperators(file("let a = try! b()")).count == 1)
        #expect(forcedOperators(file("let a = b as! C")).count == 1)
        #expect(forcedOperators(file("let a = try? b() as? C // never try! it\nlet d = \"try!\"")) == [])
    }

    @Test func repository_comments_leaveNothingOpen() {
        #expect(openEnds(Repository.swiftFiles) == [])
    }

    @Test func openEnds_withoutAnIssue_isTold() {
        #expect(openEnds(file("// FIXME: wrong")).count == 1)
        #expect(openEnds(file("// TODO: later")).count == 1)
        #expect(openEnds(file("// TODO(#12): later\nlet a = \"TODO\"")) == [])
    }

    @Test func repository_files_containNoTab() {
        #expect(tabs(Repository.swiftFiles) == [])
    }

    @Test func tabs_tab_isTold() {
        #expect(tabs(file("\tlet a = 1")).count == 1)
    }

    @Test func repository_sources_knowNoMachine() {
        #expect(machinePaths(Repository.sources) == [])
    }

    @Test func machinePaths_pathOfAMachine_isTold() {
        #expect(machinePaths(file("let a = \"/home/ann/trace.csv\"")).count == 1)
        #expect(machinePaths(file("let a = \"home/ann\"")) == [])
    }
}
