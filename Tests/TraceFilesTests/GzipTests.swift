import Foundation
import Testing
import TraceFiles
import Traces

/// A folder of its own, removed at the end.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("tideway-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ data: Data, to name: String) throws -> String {
        try data.write(to: url.appendingPathComponent(name))
        return path(name)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

struct GzipTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// 30,000 requests with all columns, some before time zero.
    private func sample() -> Trace {
        var builder = TraceBuilder(columns: [.uncachedTokens, .workload, .session])
        let names = [builder.workload(named: "chat"), builder.workload(named: "code, long")]
        for index in 0..<30_000 {
            let arrival = Double(index - 50) * 0.123456789
            let row = RequestRow(arrival: arrival, promptTokens: UInt32(index + 2), outputTokens: 3)
            builder.append(
                TraceBuilder.Request(
                    row: row, uncachedTokens: UInt32(index / 2 + 1), workload: names[index % 2],
                    session: UInt32(index / 3)))
        }
        return builder.finish(name: "sample")
    }

    private func expectEqual(_ left: Trace, _ right: Trace) {
        #expect(left.count == right.count)
        #expect(left.workloadNames == right.workloadNames)
        #expect(
            (0..<min(left.count, right.count)).allSatisfy { index in
                let (a, b) = (left.request(index), right.request(index))
                return abs(a.row.arrival - b.row.arrival) < 1e-9 && a.row.promptTokens == b.row.promptTokens
                    && a.row.outputTokens == b.row.outputTokens && a.uncachedTokens == b.uncachedTokens
                    && a.workload == b.workload && a.session == b.session
            })
    }

    @Test(arguments: ["sample.csv", "sample.csv.gz"])
    func writtenTrace_readAgain_isTheSame(name: String) throws {
        let trace = sample()
        try write(trace, to: folder.path(name))
        let magic = try folder.read(name).prefix(2)
        #expect((magic == Data([0x1f, 0x8b])) == name.hasSuffix(".gz"))
        let loaded = try load(folder.path(name))
        #expect(loaded.trace.name == "sample")
        #expect(loaded.notes == [])
        expectEqual(loaded.trace, trace)
        #expect(!FileManager.default.fileExists(atPath: folder.path(name + ".partial")))
    }

    @Test func gzip_severalMembers_areReadAsOne() throws {
        try write(sample(), to: folder.path("a.csv.gz"))
        let second = folder.path("b.csv.gz")
        try write(sample(), to: second)
        // The second member begins with a header line, which is a bad row here.
        let both = try folder.write(folder.read("a.csv.gz") + folder.read("b.csv.gz"), to: "both.bin")
        let loaded = try load(both, options: TraceReadingOptions(skipsBadRows: true))
        #expect(loaded.trace.count == 60_000)
        #expect(loaded.skippedCount == 1)
    }

    @Test(arguments: [1, 8, 1_000, 100_000])
    func gzip_truncated_isAnError(missing: Int) throws {
        try write(sample(), to: folder.path("a.csv.gz"))
        let path = try folder.write(folder.read("a.csv.gz").dropLast(missing), to: "cut.csv.gz")
        #expect(
            message(path)
                == "\(path): the compressed data ends too early. The file is incomplete: copy or download it again.")
    }

    @Test func gzip_damaged_isAnError() throws {
        try write(sample(), to: folder.path("a.csv.gz"))
        var data = try folder.read("a.csv.gz")
        // The trailer's check sum no longer fits the data.
        data[data.count - 8] = ~data[data.count - 8]
        let path = try folder.write(data, to: "damaged.csv.gz")
        #expect(message(path).hasPrefix("\(path): the compressed data is damaged"))
    }

    @Test func missingFile_messageNamesIt() {
        #expect(
            message("/nowhere/a.csv") == "/nowhere/a.csv: cannot be opened: No such file or directory. Check the path.")
    }

    @Test func directory_isAnError() {
        #expect(message(folder.url.path).hasPrefix("\(folder.url.path): cannot be read:"))
    }

    @Test func emptyFile_isAnError() throws {
        let path = try folder.write(Data(), to: "empty.csv")
        #expect(message(path).hasPrefix("\(path): there is no request in it."))
    }

    @Test func unwritablePlace_isAnError() {
        do {
            try write(sample(), to: "/nowhere/a.csv")
            Issue.record("wrote to a folder that does not exist")
        } catch {
            #expect("\(error)".hasPrefix("/nowhere/a.csv: cannot be written: No such file or directory."))
        }
    }

    @Test func names_loseTheirSuffixes() {
        #expect(traceName(path: "/a/b/conv-8.csv.gz") == "conv-8")
        #expect(traceName(path: "AzureLLMInferenceTrace_code.csv") == "AzureLLMInferenceTrace_code")
        #expect(traceName(path: "c.jsonl") == "c")
    }

    private func message(_ path: String) -> String {
        do {
            return "read \(try load(path).trace.count) requests"
        } catch {
            return "\(error)"
        }
    }
}
