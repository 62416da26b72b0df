/// Messages that wait for their reader, oldest first.
struct Outbox<Message> {
    private struct Entry {
        var key: String?
        var message: Message
    }

    private let limit: Int
    private var entries: [Entry] = []

    /// - Parameter limit: messages at most.
    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// Adds a message at the end.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - key: a message that waits under the same key is dropped, as this one says the same more recently; nil for none.
    /// - Returns: false when there is no room for it.
    mutating func append(_ message: Message, replacing key: String?) -> Bool {
        if let key, let old = entries.lastIndex(where: { $0.key == key }) { entries.remove(at: old) }
        guard entries.count < limit else { return false }
        entries.append(Entry(key: key, message: message))
        return true
    }

    /// Takes as many as the body accepts.
    ///
    /// - Parameter body: writes one, if there is room.
    mutating func drain(_ body: (Message) -> Bool) {
        var taken = 0
        while taken < entries.count, body(entries[taken].message) { taken += 1 }
        entries.removeFirst(taken)
    }
}

/// A message that may replace an older one of its kind.
package protocol QueuedMessage: Codable, Sendable {
    /// Messages with the same key tell the newest state of the same thing; nil for those that all count.
    var queueKey: String? { get }
}

extension ControllerMessage: QueuedMessage {
    package var queueKey: String? { nil }
}

extension GatewayMessage: QueuedMessage {
    package var queueKey: String? {
        switch self {
        case .sample(let sample): sample.workload
        case .hello, .drainBegan, .drainRefused, .drained, .ejected: nil
        }
    }
}
