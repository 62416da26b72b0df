import Synchronization
import Testing

@testable import tideway

struct ProgressBarTests {
    private final class Screen: Sendable {
        let lines = Mutex<[String]>([])
    }

    private struct Failure: Error {}

    @Test func bar_beforeTheFirstStepEnds_saysWhatIsDone() async throws {
        let screen = Screen()
        let bar = ProgressBar(label: "simulating", columns: 80) { text in screen.lines.withLock { $0.append(text) } }
        bar.expect(1)
        #expect(screen.lines.withLock { $0 }.last?.contains("0/1") == true)
        bar.begin("references of conv-8")
        #expect(screen.lines.withLock { $0 }.last?.contains("0/1 references of conv-8") == true)
        bar.advance("references of conv-8")
        #expect(screen.lines.withLock { $0 }.last?.contains("1/1 \u{1b}[K") == true)
    }

    @Test func bar_workFails_isTakenAway() async {
        let screen = Screen()
        let bar = ProgressBar(label: "simulating", columns: 20) { text in screen.lines.withLock { $0.append(text) } }
        await #expect(throws: Failure.self) {
            try await bar.shown {
                bar.expect(1)
                throw Failure()
            }
        }
        let lines = screen.lines.withLock { $0 }
        #expect(lines.map(\.count).max() == 1 + 19 + 3)
        #expect(lines.last == "\r\u{1b}[K")
    }
}
