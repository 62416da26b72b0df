/// Limits of the trace readers, so that a wrong file ends in a message and not in exhausted memory.
package enum ReadingLimits {
    /// Bytes of one line.
    package static let lineBytesMax = 1 << 20
    /// Columns of a table.
    package static let columnsMax = 256
    /// Requests of a trace: 16 GB of rows.
    package static let rowsMax = 1_000_000_000
    /// Bytes of a JSON document that must be held whole.
    package static let documentBytesMax = 1 << 28
    /// Bins of a rate series, those that bridge gaps included: almost two years of half minutes.
    package static let binsMax = 2_000_000
    /// Bytes looked at to find out the layout.
    package static let headBytesMax = 1 << 16
    /// Characters of a value that a message repeats.
    package static let quotedCharactersMax = 40
}
