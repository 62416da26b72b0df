/// Why a trace cannot be read or written, with what to do about it.
package struct TraceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable names of the causes.
    package enum Code: String, Sendable {
        /// The file cannot be opened, read or written.
        case file
        /// Compressed data ends early or is damaged.
        case compression
        /// The first line fits no known layout, or not the one that was asked for.
        case format
        /// A column that is needed is not there, and no option stands in for it.
        case missingColumn
        /// A value cannot be read.
        case badValue
        /// A limit of the reader was passed.
        case limit
        /// No request is left.
        case empty
        /// An option contradicts the file or another option.
        case option
    }

    package let code: Code
    /// The file as the user named it.
    package let file: String
    /// Counted from 1; nil when the whole file is meant.
    package let line: Int?
    /// Position in the line in bytes, counted from 1.
    package let column: Int?
    /// What is wrong: found and expected.
    package let problem: String
    /// What the user can do.
    package let remedy: String

    package init(
        _ code: Code, file: String, line: Int? = nil, column: Int? = nil, problem: String, remedy: String
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        let position = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
        return "\(file)\(position): \(problem). \(remedy)"
    }
}

extension TraceError {
    /// The remedy for a row that cannot be read.
    static let skipRemedy = "Correct the line, or leave such lines out with --skip-bad."
}
