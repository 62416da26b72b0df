import Testing

@Suite struct FunctionLengthTests {
    private func function(lines: Int) -> SourceFile {
        SourceFile("Sources/A/B.swift", "func long() {\n" + String(repeating: "    a()\n", count: lines - 2) + "}\n")
    }

    @Test func repository_functions_areShortOrListed() {
        let list = Repository.text(of: "Tests/TidyTests/long-functions.txt")
        #expect(functionLengthFaults(Repository.swiftFiles, allowed: list) == [])
    }

    @Test func functionLengthFaults_pastTheLimit_isTold() {
        #expect(functionLengthFaults([function(lines: 70)], allowed: "") == [])
        #expect(functionLengthFaults([function(lines: 71)], allowed: "").count == 1)
    }

    @Test func functionLengthFaults_list_onlyShrinks() {
        let long = function(lines: 80)
        #expect(functionLengthFaults([long], allowed: "# a comment\nSources/A/B.swift long 80\n") == [])
        #expect(functionLengthFaults([long], allowed: "Sources/A/B.swift long 79\n").count == 1)
        #expect(functionLengthFaults([long], allowed: "Sources/A/B.swift long 90\n").count == 1)
        #expect(functionLengthFaults([function(lines: 20)], allowed: "Sources/A/B.swift long 80\n").count == 1)
        #expect(functionLengthFaults([], allowed: "nonsense\n").count == 1)
    }

    @Test func functions_requirementsAndCalls_areNotBodies() {
        let file = SourceFile(
            "Sources/A/B.swift",
            """
            protocol P {
                func a(_ b: Int) -> Int
                var c: Int { get }
                init(d: Int)
            }
            struct S {
                init(
                    e: () -> Void = { print("}") }
                ) {
                    self.init(e: e)
                }
                subscript(f: Int) -> Int { f }
                func g() -> [Int]
                where A: B {
                    []
                }
            }
            """)
        #expect(
            functions(of: file) == [
                FunctionSpan(name: "init", lines: 5), FunctionSpan(name: "subscript", lines: 1),
                FunctionSpan(name: "g", lines: 4),
            ])
    }

    @Test func repository_sourceFiles_areNotTooLong() {
        #expect(overlongFiles(Repository.sources) == [])
    }

    @Test func overlongFiles_pastTheLimit_isTold() {
        let line = "let a = 1\n"
        #expect(overlongFiles([SourceFile("Sources/A/B.swift", String(repeating: line, count: 550))]) == [])
        #expect(overlongFiles([SourceFile("Sources/A/B.swift", String(repeating: line, count: 551))]).count == 1)
    }
}
