/// Why a profile could not be loaded: everything that is wrong with it, at once.
package struct ProfileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure; code branches on it, people read `description`.
    package enum Code: String, Hashable, Sendable {
        /// Neither a catalogue name nor a file that exists.
        case unknownProfile = "unknown-profile"
        /// The file exists and could not be read.
        case unreadableFile = "unreadable-file"
        /// The file is no JSON object.
        case malformedJSON = "malformed-json"
        /// Keys or values are wrong; `problems` lists all of them.
        case invalidProfile = "invalid-profile"
    }

    /// One thing that is wrong with a file.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// Line of the key, from 1; nil when the key is missing.
        package var line: Int?
        package var key: String?
        /// What was found, and what to write instead.
        package var message: String

        /// One line for people.
        package var description: String {
            let place = line.map { "line \($0): " } ?? ""
            return place + (key.map { "\($0): " } ?? "") + message
        }
    }

    package var code: Code
    /// The file's path, or the name that was asked for.
    package var source: String
    package var problems: [Problem]

    /// All problems, a line each, the file in front.
    package var description: String {
        problems.map { "\(source): \($0)" }.joined(separator: "\n")
    }

    init(_ code: Code, source: String, message: String) {
        self.init(code: code, source: source, problems: [Problem(line: nil, key: nil, message: message)])
    }

    init(code: Code, source: String, problems: [Problem]) {
        self.code = code
        self.source = source
        self.problems = problems
    }
}
