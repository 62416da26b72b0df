import Fleet
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Link

/// Hears everything, and can be asked.
final class Ear<Message: Sendable>: Sendable {
    private let heard = Mutex<[Message]>([])
    func hear(_ message: Message) { heard.withLock { $0.append(message) } }
    var messages: [Message] { heard.withLock { $0 } }
}

/// Waits until something holds; only a machine that stands still makes it fail.
func eventually(_ condition: @Sendable () -> Bool) async throws -> Bool {
    for _ in 0..<6000 {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}

private let fleet = [
    FleetUpdate(
        workload: "chat", replicas: [ReplicaAddress(number: 3, host: "127.0.0.1", port: 9)],
        engineTimes: EngineTimes(fixed: 1.3, sequences: 1.25, prefill: 0.5))
]

/// A gateway's end that answers each hello with the fleet above.
private final class Gateway: Sendable {
    let ear = Ear<ControllerMessage>()
    let reports = Ear<LinkReport>()
    private let listener: Mutex<LinkListener?> = Mutex(nil)

    init(_ path: String) async throws {
        let handler = LinkListener.Handler(
            receive: { [self] message in
                ear.hear(message)
                if case .hello = message { send(.hello(version: LinkLimits.version, fleet: fleet)) }
            },
            report: { [reports] in reports.hear($0) })
        let made = LinkListener(path: path, group: .singleton, handler: handler)
        listener.withLock { $0 = made }
        try await made.start()
    }

    func send(_ message: GatewayMessage) { listener.withLock { $0 }?.send(message) }
    func stop() async { await listener.withLock { $0 }?.stop() }
}

struct LinkTests {
    let folder: Folder
    var path: String { folder.file("gateway.sock") }

    init() throws { folder = try Folder() }

    private func controller(_ ear: Ear<LinkConnector.Event>) throws -> LinkConnector {
        let connector = LinkConnector(path: path, group: .singleton) { ear.hear($0) }
        try connector.start()
        return connector
    }

    private func hellos(_ ear: Ear<LinkConnector.Event>) -> Int {
        ear.messages.filter { $0 == .message(.hello(version: LinkLimits.version, fleet: fleet)) }.count
    }

    @Test func link_controllerConnects_saysHelloFirstAndCarriesBothWays() async throws {
        let gateway = try await Gateway(path)
        let ear = Ear<LinkConnector.Event>()
        let connector = try controller(ear)
        #expect(try await eventually { ear.messages.count == 1 })
        #expect(hellos(ear) == 1)
        connector.send(.drainOne(workload: "chat"))
        #expect(try await eventually { gateway.ear.messages == [.hello(version: 1), .drainOne(workload: "chat")] })
        gateway.send(.drainBegan(workload: "chat", replica: 3))
        #expect(try await eventually { ear.messages.last == .message(.drainBegan(workload: "chat", replica: 3)) })
        await connector.stop()
        await gateway.stop()
    }

    @Test func link_gatewayRestarts_controllerConnectsAgain() async throws {
        let ear = Ear<LinkConnector.Event>()
        let connector = try controller(ear)
        let first = try await Gateway(path)
        #expect(try await eventually { hellos(ear) == 1 })
        await first.stop()
        #expect(try await eventually { ear.messages.contains(.disconnected(nil)) })
        let second = try await Gateway(path)
        #expect(try await eventually { hellos(ear) == 2 })
        await connector.stop()
        await second.stop()
    }

    @Test func link_secondController_replacesTheFirst() async throws {
        let gateway = try await Gateway(path)
        let (one, two) = (Ear<LinkConnector.Event>(), Ear<LinkConnector.Event>())
        let first = try controller(one)
        #expect(try await eventually { hellos(one) == 1 })
        await first.stop()
        let second = try controller(two)
        #expect(try await eventually { hellos(two) == 1 })
        gateway.send(.drained(workload: "chat", replica: 3))
        #expect(try await eventually { two.messages.last == .message(.drained(workload: "chat", replica: 3)) })
        #expect(!one.messages.contains(.message(.drained(workload: "chat", replica: 3))))
        await second.stop()
        await gateway.stop()
    }

    @Test func link_otherVersion_isRefusedWithTheRemedy() async throws {
        let gateway = try await Gateway(path)
        try await speak("{\"hello\":{\"version\":99}}\n")
        #expect(try await eventually { gateway.reports.messages.contains(.ended(.otherVersion(99))) })
        #expect(gateway.ear.messages.isEmpty)
        await gateway.stop()
    }

    @Test(arguments: ["nonsense\n", "{\"drainOne\":{\"workload\":\"chat\"}}\n", "{\"hello\":{}}\n"])
    func link_badFirstMessage_endsTheConnection(_ text: String) async throws {
        let gateway = try await Gateway(path)
        try await speak(text)
        #expect(try await eventually { gateway.reports.messages.count == 1 })
        #expect(gateway.ear.messages.isEmpty)
        await gateway.stop()
    }

    @Test func link_lineTooLong_endsTheConnection() async throws {
        let gateway = try await Gateway(path)
        try await speak(String(repeating: "x", count: LinkLimits.lineBytes + 2))
        #expect(try await eventually { gateway.reports.messages.count == 1 })
        await gateway.stop()
    }

    /// Writes text as a controller that is none would.
    private func speak(_ text: String) async throws {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path).get()
        channel.writeAndFlush(channel.allocator.buffer(string: text), promise: nil)
    }
}

struct LocalSocketTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    private func listener(_ path: String) -> LinkListener {
        LinkListener(path: path, group: .singleton, handler: .init(receive: { _ in }, report: { _ in }))
    }

    @Test func socketFile_made_isItsOwnersAlone() async throws {
        let path = folder.file("a.sock")
        let listener = listener(path)
        try await listener.start()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        await listener.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func socketFile_somebodyAnswers_isNotReplaced() async throws {
        let path = folder.file("a.sock")
        let first = listener(path)
        try await first.start()
        await #expect(throws: LinkError.inUse(path)) { try await listener(path).start() }
        #expect(FileManager.default.fileExists(atPath: path))
        await first.stop()
    }

    @Test func socketFile_nobodyAnswers_isReplaced() async throws {
        let path = folder.file("a.sock")
        // A closed descriptor leaves the file, as an abrupt end does.
        close(try LocalSocket.listen(at: path))
        #expect(FileManager.default.fileExists(atPath: path))
        let listener = listener(path)
        try await listener.start()
        await listener.stop()
    }

    @Test func socketFile_isAnotherFile_isLeftAlone() async throws {
        let path = folder.file("a.sock")
        try folder.write([1], "a.sock")
        await #expect(throws: LinkError.notASocket(path)) { try await listener(path).start() }
        #expect(folder.bytes("a.sock") == [1])
    }

    @Test func socketPath_tooLong_isRefusedWithTheRemedy() async throws {
        let path = folder.file(String(repeating: "x", count: 120))
        await #expect { try await listener(path).start() } throws: { error in
            (error as? LinkError)?.code == .pathTooLong && "\(error)".contains("state folder with a shorter path")
        }
    }
}
