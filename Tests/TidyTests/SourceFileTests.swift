import Testing

@Suite struct SourceFileTests {
    @Test func code_commentsAndStrings_areBlank() {
        let file = SourceFile("Sources/A/B.swift", "let a = \"B { C\" // D }\n/* E /* F */ G */ let h = 1\n")
        #expect(!file.code.contains(/[BCDEFG{}]/))
        #expect(file.code.contains("let h = 1"))
        #expect(file.comments.contains("// D }"))
        #expect(file.comments.contains("G */"))
        #expect(file.code.utf8.count == file.text.utf8.count)
    }

    @Test func code_interpolation_isCode() {
        let file = SourceFile("Sources/A/B.swift", #"let a = "x \(map { "y\($0)" }) z" + c"#)
        #expect(file.code.contains("map {"))
        #expect(file.code.contains("+ c"))
        #expect(!file.code.contains("z"))
    }

    @Test func code_rawAndMultilineStrings_areBlank() {
        let raw = SourceFile("Sources/A/B.swift", "let a = #\"in \\( \" in\"# + after")
        #expect(!raw.code.contains("in \\"))
        #expect(raw.code.contains("+ after"))
        let long = SourceFile("Sources/A/B.swift", "let a = \"\"\"\n  one \" two\n  \"\"\"\nlet after = 1\n")
        #expect(!long.code.contains("one"))
        #expect(long.code.contains("let after"))
        #expect(long.lineCount == 4)
    }

    @Test func code_regularExpression_isBlank() {
        let file = SourceFile("Sources/A/B.swift", "let a = text.contains(/x\"[{\\/]/) && b / c > d / e\n")
        #expect(file.code.hasSuffix(") && b / c > d / e\n"))
        #expect(!file.code.contains("{"))
    }

    @Test func target_isTheFolder() {
        #expect(SourceFile("Sources/Fleet/Instant.swift", "").target == "Fleet")
        #expect(SourceFile("Sources/Fleet/Instant+More.swift", "").stem == "Instant+More")
    }
}
