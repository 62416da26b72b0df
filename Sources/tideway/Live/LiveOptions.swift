internal import ArgumentParser
internal import Assembly
internal import Configuration
internal import Foundation
internal import Link

/// Which configuration a command is about.
struct LiveOptions: ParsableArguments {
    @Argument(help: "The configuration; tideway.yaml of this folder unless named.", completion: .file())
    var file: String?

    /// The file's path, whether named or found here.
    func path() throws -> String {
        let path = file ?? ConfigurationFile.defaultName
        guard FileManager.default.fileExists(atPath: path) else {
            let problem = file.map { "there is no file \($0)" } ?? "there is no \(path) in this folder"
            throw CommandError(
                "\(problem). To write one that serves your model, by a few questions:\n  tideway init\n"
                    + "Then, to start everything:\n  tideway up")
        }
        return path
    }

    /// Asks the controller of this configuration.
    func ask(_ request: AdminRequest) async throws -> AdminReply {
        let (configuration, _) = try ConfigurationFile.load(try path())
        do {
            return try await AdminClient.ask(request, at: StateFolder(configuration.stateFolder).adminSocket)
        } catch let error as LinkError {
            if error.code == .nobodyListens {
                throw CommandError("\(error)\nTo start it:\n  tideway up \(file ?? "")")
            }
            throw error
        }
    }

    /// Asks for a change, and says what came of it.
    func tell(_ request: AdminRequest) async throws {
        switch try await ask(request) {
        case .done(let sentence): print(sentence)
        case .refused(let sentence): throw CommandError(sentence)
        case .status: throw CommandError("the controller answered something else; restart it from this program")
        }
    }
}
