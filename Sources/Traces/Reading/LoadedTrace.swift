/// A trace with what a person should know about how it was read.
package struct LoadedTrace: Sendable {
    package var trace: Trace
    /// The layout that the file had.
    package var format: TraceFormat
    /// Sentences for people: what was sorted, shifted, assumed or left out.
    package var notes: [String]
    /// Rows left out because they could not be read.
    package var skippedCount: Int
    /// Which lengths were assumed, for people: "prompt", "output".
    package var assumedLengths: [String] = []
}
