internal import Foundation

/// Where things lie: the program that is measured, the traces, and the results.
enum Places {
    /// The folder of this package.
    static let package: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// The release build of the program.
    static let tideway =
        environment("TIDEWAY") ?? package.appending(path: "../.build/release/tideway").standardizedFileURL

    /// The folder of measured traces and tables.
    static let data = environment("TIDEWAY_DATA") ?? package.appending(path: "../../shared").standardizedFileURL

    static let results = package.appending(path: "results")
    /// Ignored by version control: traces made on the way, and the cells of a campaign.
    static let scratch = package.appending(path: "out")

    static let azureConversation = data.appending(
        path: "traces/azure-llm-2023/AzureLLMInferenceTrace_conv.csv")
    static let azureCode = data.appending(path: "traces/azure-llm-2023/AzureLLMInferenceTrace_code.csv")
    static let codeWeek = data.appending(
        path: "traces/azure-llm-2024-digitised/code_week_rpm_5min.csv")

    /// A trace of `traces/derived`.
    static func derived(_ name: String) -> URL { data.appending(path: "traces/derived/\(name).csv.gz") }

    /// Writes a page of results, and says where.
    static func writeResult(_ name: String, _ text: String) throws {
        try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
        let file = results.appending(path: name)
        try Data(text.utf8).write(to: file, options: .atomic)
        print("\nwritten to \(file.path)")
    }

    /// A file of the scratch folder, which exists afterwards.
    static func scratchFile(_ name: String) throws -> URL {
        let file = scratch.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        return file
    }

    private static func environment(_ name: String) -> URL? {
        guard let path = ProcessInfo.processInfo.environment[name], !path.isEmpty else { return nil }
        return URL(fileURLWithPath: path).standardizedFileURL
    }
}
