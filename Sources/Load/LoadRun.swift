internal import Fleet
internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Traces

/// A replay of traces against a server, at the requests' own times. Open loop: a slow answer delays no later request, and
/// latencies count from when a request was due, so that a stalled server shows in all that was due meanwhile (what else is
/// known as coordinated omission).
package final class LoadRun: Sendable {
    /// From the start of the run until the first request is due.
    static let leadTime = TimeAmount.milliseconds(50)

    private enum State {
        case waiting
        case running(NIOLoopBound<LoadGenerator>)
        case stopped
    }

    private let plan: LoadPlan
    private let eventLoop: any EventLoop
    private let state = Mutex(State.waiting)

    /// - Parameter plan: what to send. Each workload's trace has requests.
    package init(_ plan: LoadPlan) {
        precondition(!plan.workloads.isEmpty && plan.speed > 0 && plan.bytesPerToken > 0, "there is something to send")
        self.plan = plan
        eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    }

    /// Runs to the end, or until `stop`.
    ///
    /// - Parameters:
    ///   - progressInterval: between calls of `onProgress`.
    ///   - onProgress: told how far it is, on the thread that sends: it must return at once.
    /// - Returns: what came of it.
    /// - Throws: `LoadError` when the server cannot be reached at all.
    package func run(
        progressInterval: Duration = .milliseconds(500),
        onProgress: @escaping @Sendable (LoadProgress) -> Void = { _ in }
    ) async throws -> LoadReport {
        let address = try await reach()
        let done = eventLoop.makePromise(of: LoadReport.self)
        let interval = TimeAmount.nanoseconds(Int64(progressInterval.seconds * 1e9))
        eventLoop.execute { [self] in begin(address, interval: interval, onProgress, done) }
        return try await done.futureResult.get()
    }

    /// Sends nothing more. What is in flight has five seconds to finish; a second call cuts it at once.
    package func stop() {
        state.withLock { state in
            guard case .running(let generator) = state else {
                state = .stopped
                return
            }
            eventLoop.execute { generator.value.stop() }
        }
    }

    /// Connects once, to find the address that answers.
    private func reach() async throws -> SocketAddress {
        let target = plan.target
        do {
            let channel = try await ClientBootstrap(group: eventLoop)
                .connectTimeout(ConnectionPool.connectTimeout)
                .connect(host: target.host, port: target.port).get()
            defer { channel.close(promise: nil) }
            if let address = channel.remoteAddress { return address }
        } catch {
            throw LoadError(
                .unreachable,
                "Nothing answers at \(target.host) port \(target.port) (\(error)): is the server running, and is --url right?"
            )
        }
        throw LoadError(.unreachable, "The connection to \(target.host) port \(target.port) was gone at once.")
    }

    private func begin(
        _ address: SocketAddress, interval: TimeAmount, _ onProgress: @escaping @Sendable (LoadProgress) -> Void,
        _ done: EventLoopPromise<LoadReport>
    ) {
        let warmUp = plan.workloads.map { min($0.trace.firstArrival, 0) }.min() ?? 0
        let origin = NIODeadline.now() + Self.leadTime + .nanoseconds(Int64(-warmUp / plan.speed * 1e9))
        let startedAt = Date().timeIntervalSince1970 + Double((origin - .now()).nanoseconds) * 1e-9
        let generator = LoadGenerator(plan, eventLoop: eventLoop, address: address, origin: origin) { [self] in
            guard case .running(let generator) = state.withLock({ $0 }) else { return }
            onProgress(generator.value.progress)
            done.succeed(LoadReport(generator.value, plan: plan, startedAt: startedAt))
            state.withLock { $0 = .stopped }
        }
        let bound = NIOLoopBound(generator, eventLoop: eventLoop)
        let wasStopped = state.withLock { state in
            defer { state = .running(bound) }
            if case .stopped = state { return true }
            return false
        }
        let ticks = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            onProgress(bound.value.progress)
        }
        done.futureResult.whenComplete { _ in ticks.cancel() }
        if wasStopped { generator.stop() } else { generator.start() }
    }
}
