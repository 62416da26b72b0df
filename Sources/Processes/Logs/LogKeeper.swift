internal import Dispatch
internal import Synchronization

/// Rotates logs aside, so that a large copy does not delay what must be noticed within milliseconds.
final class LogKeeper: Sendable {
    private let queue = DispatchQueue(label: "tideway.logs", qos: .utility)
    private let underWay = Mutex<Set<String>>([])

    /// Looks at the size of a log, and has it rotated when it is too long.
    func check(_ path: String, _ rotation: LogRotation) {
        guard LogRotation.size(of: path) > rotation.byteLimit, underWay.withLock({ $0.insert(path).inserted }) else {
            return
        }
        queue.async { [self] in
            _ = rotation.rotate(path)
            underWay.withLock { _ = $0.remove(path) }
        }
    }
}
