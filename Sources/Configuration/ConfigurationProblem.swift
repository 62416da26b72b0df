/// One thing that is wrong with a configuration file, or worth knowing: where, what, and what to do.
package struct ConfigurationProblem: Error, Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        /// The file is not used.
        case error
        /// The file is used; somebody should know.
        case warning
    }

    /// What kind of mistake it is: stable, for programs.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case unreadableFile = "unreadable_file"
        case fileTooLarge = "file_too_large"
        case notUTF8 = "not_utf8"
        case emptyFile = "empty_file"
        case syntax
        case tab
        case severalDocuments = "several_documents"
        case tooManyAliases = "too_many_aliases"
        case tooManyValues = "too_many_values"
        case duplicateKey = "duplicate_key"
        case unknownKey = "unknown_key"
        case missingKey = "missing_key"
        case missingValue = "missing_value"
        case wrongType = "wrong_type"
        case outOfRange = "out_of_range"
        case malformed
        case unknownChoice = "unknown_choice"
        case unknownProfile = "unknown_profile"
        case unknownPolicy = "unknown_policy"
        case unknownPool = "unknown_pool"
        case missingPool = "missing_pool"
        case duplicateID = "duplicate_id"
        case duplicateModel = "duplicate_model"
        case duplicatePathPrefix = "duplicate_path_prefix"
        case reversedBounds = "reversed_bounds"
        case doesNotFit = "does_not_fit"
        case conflictingObjective = "conflicting_objective"
        case unreachableObjective = "unreachable_objective"
        case conflictingEngine = "conflicting_engine"
        case severalVariants = "several_variants"
        case unreadableKeys = "unreadable_keys"
        case malformedKeys = "malformed_keys"
        case exposedKeys = "exposed_keys"
        case assumedPool = "assumed_pool"
        case unusedKey = "unused_key"
        case unusedPort = "unused_port"
        case unknownPlaceholder = "unknown_placeholder"
    }

    package var severity: Severity
    package var code: Code
    package var file: String
    package var position: FilePosition
    /// Path of the key, such as `workloads[0].slo.ttft`; empty when the file as a whole is meant.
    package var key: String
    /// What is wrong, without a full stop.
    package var message: String
    /// What to do, without a full stop.
    package var remedy: String
}

/// A line and a column of a file, each from 1.
package struct FilePosition: Hashable, Comparable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = FilePosition(line: 1, column: 1)

    package static func < (left: FilePosition, right: FilePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// One line, as compilers write it.
    package var description: String {
        let subject = key.isEmpty ? "" : "\(key): "
        return
            "\(file):\(position.line):\(position.column): \(severity): \(subject)\(message); \(remedy) [\(code.rawValue)]"
    }
}
