import Backtest
import Foundation
import Reports
import Simulation
import Testing

@Suite struct HTMLReportTests {
    @Test func render_page_holdsAllThatItNeeds() {
        let page = HTMLReport(SyntheticReport.full).render()
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(!page.contains("<!-- "))
        #expect(!page.contains("src="))
        #expect(page.split(separator: "href=").dropFirst().allSatisfy { $0.hasPrefix("\"data:") })
        #expect(page.contains("uPlot 1.6.32"))
        #expect(page.utf8.count < 400_000)
    }

    @Test func render_namesWithMarkup_stayText() {
        let run = BacktestRun(
            trace: "</script><b>", policy: "x", isTuned: false, knob: 1, seed: 1, outcome: SimulationOutcome(), cost: 0)
        let page = HTMLReport(BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)).render()
        #expect(!page.contains("</script><b>"))
        #expect(page.contains(#"\u003c/script>\u003cb>"#))
    }

    @Test func render_sameReportTwice_isTheSamePage() {
        #expect(HTMLReport(SyntheticReport.full).render() == HTMLReport(SyntheticReport.full).render())
    }
}

@Suite struct TuningDocumentTests {
    @Test func html_holdsAllThatItNeedsAndNoLibraryThatItDoesNot() {
        let page = TuningDocument(SyntheticTuning.report()).html
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.contains("<title>Tideway tuning</title>"))
        #expect(!page.contains("<!-- ") && !page.contains("src=") && !page.contains("uPlot"))
        #expect(!page.contains("the page </script>"))
    }

    @Test func summary_tellsWhatIsKeptAndWhy() {
        let confirmed = SyntheticTuning.report()
        #expect(confirmed.verdict == .confirmed && confirmed.kept == confirmed.chosen)
        #expect(TuningSummary(confirmed).sentences.last?.hasSuffix("better there too.") == true)
        let alone = SyntheticTuning.report(heldOut: false)
        #expect(alone.verdict == .unconfirmed && alone.kept == alone.chosen)
        var refused = confirmed
        refused.heldOut = HeldOutComparison(
            chosen: confirmed.heldOut?.standard ?? [], standard: confirmed.heldOut?.chosen ?? [], target: 0.99)
        #expect(refused.verdict == .refused && refused.kept == 0)
        #expect(TuningSummary(refused).sentences.last?.contains("the defaults are kept") == true)
    }
}

/// The page in a real browser, by `dev/check-page`.
@Suite(
    .enabled(
        if: Browser.isThere || Browser.isRequired,
        "SKIPPED: no chromium or no playwright here, so the page is not opened; `make bootstrap` installs both"))
struct HTMLReportBrowserTests {
    @Test func page_light_showsEverything() async throws {
        let found = try await Browser.check(
            SyntheticReport.full, "light",
            [
                "--expect", "tideway is the cheapest policy", "--expect", "requests answered in time", "--expect",
                "dynamo-thr180-kalman", "--click", "[data-measure=itl99]", "--expect", "Mean time between tokens",
                "--click", "[data-measure=ttft99]", "--click", "[data-chip='dynamo-thr180-kalman']", "--click",
                "#show-desired", "--click", "[data-sort='1']", "--click", "[data-worst='dynamo-thr180-kalman']",
                "--expect",
                "Changes by reason", "--expect", "start up seconds", "--expect", "invented to test the report",
            ])
        #expect(found == "")
    }

    @Test func page_dark_otherTrace_showsEverything() async throws {
        let found = try await Browser.check(
            SyntheticReport.full, "dark",
            [
                "--dark", "--click", "[data-trace='1']", "--expect", "synthetic-bursty: 46,500 requests", "--hover",
                ".u-over",
            ])
        #expect(found == "")
    }

    @Test func page_narrow_doesNotScrollSideways() async throws {
        let found = try await Browser.check(
            SyntheticReport.full, "narrow",
            ["--width", "700", "--click", "[data-worst='hpa']", "--expect", "cheapest policy"])
        #expect(found == "")
        #expect(try await Browser.check(SyntheticReport.full, "telephone", ["--width", "390"]) == "")
    }

    @Test func page_nothingRecorded_saysSo() async throws {
        let run = BacktestRun(
            trace: "a", policy: "x", isTuned: false, knob: 1, seed: 1, outcome: SimulationOutcome(), cost: 0)
        let bare = BacktestReport(plant: [], references: [], runs: [run], attainmentTarget: 0.99)
        #expect(try await Browser.check(bare, "bare", ["--expect", "Nothing was recorded over time."]) == "")
        let none = BacktestReport(plant: [], references: [], runs: [], attainmentTarget: 0.99)
        #expect(try await Browser.check(none, "none", ["--expect", "No run was made."]) == "")
    }

    @Test func tuningPage_lightAndDark_showsTheCurve() async throws {
        let page = TuningDocument(SyntheticTuning.report()).html
        let found = try await Browser.check(
            page: page, "tuning",
            [
                "--expect", "The chosen settings take", "--expect", "requests answered in time", "--expect",
                "better there too",
                "--expect",
                "miss_target_share", "--hover", "[data-candidate='0']", "--expect", "accelerator-hours",
            ])
        #expect(found == "")
        #expect(try await Browser.check(page: page, "tuning-dark", ["--dark", "--width", "390"]) == "")
        let bare = TuningDocument(SyntheticTuning.report(heldOut: false)).html
        #expect(try await Browser.check(page: bare, "tuning-bare", ["--expect", "Nothing was held out"]) == "")
    }

    @Test func checkPage_badPage_isTold() async throws {
        let page =
            "<script>nothing.there()</script><img src='https://example.invalid/a.png'><div style='width:3000px'>a</div>"
        let found = try await Browser.check(page: page, "bad", ["--expect", "absent"])
        for fault in ["uncaught exception", "example.invalid", "wider than its window", "expect failed"] {
            #expect(found.contains(fault))
        }
    }
}

/// The browser of this machine, if there is one.
private enum Browser {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let python = root.appending(path: ".build/venv/bin/python")

    static var isThere: Bool {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let hasChromium =
            environment["CHROMIUM"] != nil
            || folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/chromium") }
        return hasChromium && FileManager.default.isExecutableFile(atPath: python.path)
    }

    /// Where changes are judged, a missing browser is a failure.
    static var isRequired: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

    static func check(_ report: BacktestReport, _ name: String, _ arguments: [String]) async throws -> String {
        try await check(page: HTMLReport(report).render(), name, arguments)
    }

    /// What is wrong with the page; empty when nothing is. Leaves the page and a picture of it in `.build/pages`.
    static func check(page: String, _ name: String, _ arguments: [String]) async throws -> String {
        let folder = root.appending(path: ".build/pages")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "\(name).html")
        try Data(page.utf8).write(to: file)
        let process = Process()
        process.executableURL = python
        process.arguments =
            [
                root.appending(path: "dev/check-page").path, file.path, "--picture",
                folder.appending(path: "\(name).png").path,
            ]
            + arguments
        let findings = folder.appending(path: "\(name).txt")
        try Data().write(to: findings)
        let output = try FileHandle(forWritingTo: findings)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let status = try await run(process)
        try output.close()
        let text = try String(contentsOf: findings, encoding: .utf8)
        return status == 0 ? text : text + "exit \(status)"
    }

    /// Runs a process without holding a thread, so that other tests go on meanwhile.
    private static func run(_ process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
