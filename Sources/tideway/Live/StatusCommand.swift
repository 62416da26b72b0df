internal import ArgumentParser
internal import Foundation
internal import Link

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what runs, what is wanted, and why.")

    @OptionGroup var options: LiveOptions
    @Flag(help: "Write JSON.") var json = false

    func run() async throws {
        guard case .status(let status) = try await options.ask(.status) else {
            throw CommandError("the controller answered something else; restart it from this program")
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(status), as: UTF8.self))
        } else {
            print(StatusText(status, now: Date().timeIntervalSince1970).description)
        }
    }
}
