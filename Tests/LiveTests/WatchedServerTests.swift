import Foundation
import Link
import Load
import Testing

/// Servers that run already, by the engine `static`.
struct WatchedServerTests {
    /// Starts an emulator; port 0 takes a free one, which is in its output.
    private func server(_ stack: Stack, _ name: String, port: Int) async throws -> (process: Process, port: Int) {
        let output = stack.folder.appending(path: name)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["--default-signal=TERM", Stack.program, "engine", "--model", "chat", "--port", "\(port)", "--speed", "10"]
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var found: Int?
        try await stack.wait("server") {
            let text = try String(contentsOf: output, encoding: .utf8)
            found = text.firstMatch(of: /listening [^:]+:(\d+)/).flatMap { Int($0.output.1) }
            return found != nil
        }
        return (process, try #require(found))
    }

    @Test func servers_oneDiesAndComesBack_areRoutedToWhileTheyAnswer() async throws {
        let stack = try Stack()
        let first = try await server(stack, "first", port: 0)
        defer { kill(first.process.processIdentifier, SIGKILL) }
        let second = try await server(stack, "second", port: 0)
        defer { if second.process.isRunning { kill(second.process.processIdentifier, SIGKILL) } }
        try stack.configure(Self.configuration([first.port, second.port]))
        try stack.start()
        try await stack.status("both servers") { $0.only.ready == 2 && $0.isGatewayConnected }
        try await answered(20, stack)
        kill(second.process.processIdentifier, SIGKILL)
        // Nobody has noticed yet, and no request fails.
        try await answered(20, stack)
        try await stack.status("one server") { $0.only.ready == 1 }
        try await answered(10, stack)
        let again = try await server(stack, "again", port: second.port)
        defer { kill(again.process.processIdentifier, SIGKILL) }
        try await stack.status("both again") { $0.only.ready == 2 }
        try await answered(20, stack)
        #expect(try await stack.stop() == 0)
        // They are somebody else's, and stay.
        #expect(first.process.isRunning && again.process.isRunning)
    }

    private static func configuration(_ ports: [Int]) -> String {
        """
        workloads:
          - id: chat
            replicas: {min: 0, max: 2}
            variants:
              - profile: 8b-a100
                engine:
                  static:
                    urls: [\(ports.map { "\"http://127.0.0.1:\($0)\"" }.joined(separator: ", "))]
        """
    }

    /// A server is taken off the list and another one put on it, and no request fails.
    @Test func hangUp_otherServers_areRoutedTo() async throws {
        let stack = try Stack()
        let first = try await server(stack, "first", port: 0)
        defer { kill(first.process.processIdentifier, SIGKILL) }
        let second = try await server(stack, "second", port: 0)
        defer { kill(second.process.processIdentifier, SIGKILL) }
        let third = try await server(stack, "third", port: 0)
        defer { kill(third.process.processIdentifier, SIGKILL) }
        try stack.configure(Self.configuration([first.port, second.port]))
        try stack.start()
        let before = try await stack.status("both servers") { $0.only.ready == 2 && $0.isGatewayConnected }
        let load = try await stack.streams(400, perSecond: 100, tokens: 2)
        async let running = load.run()
        try stack.configure(Self.configuration([second.port, third.port]))
        stack.hangUp()
        let after = try await stack.status("other servers") { status in
            status.only.ready == 2 && Set(status.only.replicas.map(\.port)) == [second.port, third.port]
        }
        #expect(after.processID == before.processID)
        #expect(try await running.workloads[0].outcomes == ["answered": 400], "\(stack.notes)")
        kill(second.process.processIdentifier, SIGKILL)
        try await stack.status("only the new one") { $0.only.ready == 1 }
        try await answered(20, stack)
        #expect(try await stack.stop() == 0)
        #expect(first.process.isRunning && third.process.isRunning)
    }

    private func answered(_ count: Int, _ stack: Stack) async throws {
        let report = try await stack.streams(count, perSecond: 100, tokens: 2).run()
        #expect(report.workloads[0].outcomes == ["answered": count], "\(stack.notes)")
    }
}
