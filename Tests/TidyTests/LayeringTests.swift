import Testing

@Suite struct LayeringTests {
    private let example: [[TargetRule]] = [[.pure("Low")], [.pure("High", [])], [.shell("Shell")]]

    private func file(_ target: String, _ text: String) -> [SourceFile] {
        [SourceFile("Sources/\(target)/A.swift", text)]
    }

    @Test func repository_pureTargets_importNothingImpure() {
        #expect(impureImports(Repository.sources, layers: layers) == [])
    }

    @Test func impureImports_foundationInPureTarget_isTold() {
        #expect(impureImports(file("High", "internal import Foundation"), layers: example).count == 1)
        #expect(impureImports(file("Low", "package import struct Foundation.Date"), layers: example).count == 1)
        #expect(impureImports(file("High", "internal import RealModule"), layers: example).count == 1)
        #expect(impureImports(file("Shell", "internal import Dispatch"), layers: example).count == 1)
        #expect(impureImports(file("Low", "internal import RealModule"), layers: example) == [])
        #expect(impureImports(file("Shell", "internal import Foundation\ninternal import Low"), layers: example) == [])
    }

    @Test func table_pureTargets_areGrantedNothingImpure() {
        for rule in layers.flatMap({ $0 }) where rule.isPure { #expect(rule.externals.isDisjoint(with: impureModules)) }
    }

    @Test func repository_imports_leadDownwards() {
        #expect(upwardImports(Repository.sources, layers: layers) == [])
    }

    @Test func upwardImports_upOrSideways_isTold() {
        #expect(upwardImports(file("Low", "internal import High"), layers: example).count == 1)
        #expect(upwardImports(file("Low", "internal import Low"), layers: example).count == 1)
        #expect(upwardImports(file("Unknown", ""), layers: example).count == 1)
        #expect(upwardImports(file("Shell", "internal import Low"), layers: example) == [])
        #expect(upwardImports(file("Low", "// import High\n"), layers: example) == [])
    }

    @Test func repository_imports_stateTheirAccess() {
        #expect(importsWithoutAccess(Repository.sources) == [])
    }

    @Test func importsWithoutAccess_bareImport_isTold() {
        #expect(importsWithoutAccess(file("Low", "import Fleet")).count == 1)
        #expect(importsWithoutAccess(file("Low", "package import Fleet\n@preconcurrency internal import B")) == [])
    }

    @Test func repository_manifestAndTable_nameTheSameTargets() {
        #expect(targetsOutsideLayers(manifest: Repository.manifest, layers: layers) == [])
        #expect(targetNames(inManifest: Repository.manifest).count > 10)
    }

    @Test func targetsOutsideLayers_newOrGoneTarget_isTold() {
        let manifest = SourceFile(
            "Package.swift",
            "    library(\"Low\", [\"X\"]),\n    .executableTarget(\n        name: \"New\",\n    tests(\"High\"),\n")
        #expect(
            targetsOutsideLayers(manifest: manifest, layers: example) == [
                "New is in no layer", "High is in a layer, but no target", "Shell is in a layer, but no target",
            ])
    }

    @Test func repository_pureTargets_askNothingOfTheSystem() {
        #expect(impureCalls(Repository.sources, layers: layers) == [])
    }

    @Test(arguments: [
        "let a = ContinuousClock().now", "Task { }", "print(1)", "let x = Int.random(in: 0..<3)", "a.shuffled()",
    ])
    func impureCalls_systemInPureTarget_isTold(_ text: String) {
        #expect(impureCalls(file("Low", text), layers: example).count == 1)
        #expect(impureCalls(file("Shell", text), layers: example) == [])
    }

    @Test func impureCalls_generatorGiven_isFine() {
        #expect(impureCalls(file("Low", "let x = Int.random(in: 0..<3, using: &generator)"), layers: example) == [])
    }
}
