/// Why a table of measurements could not be used: where it lies, and what to do.
package struct BenchmarkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure; code branches on it, people read `description`.
    package enum Code: String, Hashable, Sendable {
        case unreadableFile = "unreadable-file"
        /// The header has none of the known sets of columns.
        case unknownTable = "unknown-table"
        /// A cell is no number, or not above zero.
        case badValue = "bad-value"
        /// No row is left after the filters.
        case nothingSelected = "nothing-selected"
        /// The filters leave more than one model, accelerator or engine.
        case ambiguousSelection = "ambiguous-selection"
    }

    package var code: Code
    package var file: String
    /// From 1; nil when the file as a whole is meant.
    package var line: Int?
    package var column: String?
    package var message: String

    /// One line for people; several where choices are listed.
    package var description: String {
        let place = [file, line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap { $0 }
        return place.joined(separator: ", ") + ": " + message
    }
}
