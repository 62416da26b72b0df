/// What both ends of a local socket hold to.
package enum LinkLimits {
    /// Version of the messages between gateway and controller. Ends that differ do not talk: the older is to be restarted.
    package static let version = 1
    /// Bytes of one line at most; a longer one ends the connection.
    package static let lineBytes = 1 << 20
    /// Messages that wait for a slow reader at most. Of samples that wait only the newest of each workload is kept; orders
    /// are never dropped: when even they are too many, the connection ends, and the next one begins with what holds then.
    package static let queuedMessages = 10_000
    /// Bytes handed to the kernel and not taken yet, above which messages wait.
    static let unsentBytes = 256 << 10
    /// Connections to one socket at most.
    static let connections = 64
}
