import Foundation
import Link
import Testing

/// Signals of a running `tideway up`.
struct SignalTests {
    /// Answers its probe, and never ends: neither an answer to anything else nor itself at SIGTERM.
    private static let stubborn = """
        import http.server, signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
            def do_POST(self):
                time.sleep(1000)
            def log_message(self, *arguments): pass
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """

    private func stubbornStack(_ deadline: String) throws -> Stack {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.write(Self.stubborn, to: "stubborn.py")
        try stack.configure(
            Configurations.chat(
                replicas: "{min: 1, max: 1}",
                command: "[python3, \"{folder}/../../../stubborn.py\", \"{port}\"]",
                more: ", shutdown_deadline: \(deadline)"))
        try stack.start()
        return stack
    }

    @Test func hangUp_badFileThenGoodOne_changesNothingThenTheBounds() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 1, max: 1}"))
        try stack.start()
        let first = try await stack.status("fleet") { $0.only.ready == 1 && $0.isGatewayConnected }
        try stack.configure(Configurations.chat(replicas: "{min: 3, max: 3, most: 4}"))
        stack.hangUp()
        try await stack.wait("complaint") {
            stack.notes.contains("replicas.most") && stack.notes.contains("The configuration has errors; the old one")
        }
        let unchanged = try await stack.status("status") { _ in true }
        #expect(unchanged.processID == first.processID && unchanged.only.desired == 1)
        try stack.configure(Configurations.chat(replicas: "{min: 3, max: 3}"))
        stack.hangUp()
        let second = try await stack.status("three replicas") { $0.only.ready == 3 }
        #expect(second.processID == first.processID)
        #expect(stack.marked.count == 3)
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }

    /// The gateway cannot begin, and the controller, which can, does not keep everything up without it.
    @Test func up_addressTaken_isSaidAndEndsByItself() async throws {
        let other = try Stack(profile: Configurations.slowProfile)
        try other.configure(Configurations.chat(replicas: "{min: 0, max: 1}"))
        try other.start()
        let address = try await other.address().replacing("http://", with: "")
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 1, max: 1}"))
        let text = try String(contentsOf: stack.folder.appending(path: "tideway.yaml"), encoding: .utf8)
        try stack.write(text.replacing("127.0.0.1:0", with: address), to: "tideway.yaml")
        try stack.start()
        #expect(try await stack.end() == 1)
        #expect(stack.notes.contains("gateway.listen \(address): cannot listen there: another program listens there"))
        #expect(stack.notes.contains("the gateway ended 3 times at once"))
        #expect(stack.marked.isEmpty)
        #expect(try await other.stop() == 0)
    }

    @Test func stop_replicaNeverFinishes_endsAtTheDeadline() async throws {
        let stack = try stubbornStack("1s")
        try await stack.status("fleet") { $0.only.ready == 1 && $0.isGatewayConnected }
        async let answer = stack.ask("/v1/completions", #"{"model":"chat","prompt":"a"}"#)
        try await stack.status("request") { $0.only.runningRequests == 1 }
        #expect(try await stack.stop() == 0, "\(stack.notes)")
        #expect(stack.marked.isEmpty)
        #expect(try await answer.status != 200)
        #expect(stack.notes.contains("The deadline of the stop has passed"))
    }

    /// The deadline is an hour away; the second signal does not wait for it.
    @Test func secondStop_replicaNeverFinishes_endsAtOnce() async throws {
        let stack = try stubbornStack("1h")
        try await stack.status("fleet") { $0.only.ready == 1 && $0.isGatewayConnected }
        async let answer = stack.ask("/v1/completions", #"{"model":"chat","prompt":"a"}"#)
        try await stack.status("request") { $0.only.runningRequests == 1 }
        stack.up?.terminate()
        try await stack.status("drain") { $0.only.draining == 1 }
        #expect(stack.up?.isRunning == true)
        stack.up?.terminate()
        _ = try await stack.end()
        try await stack.wait("end of the replica") { stack.marked.isEmpty }
        #expect(try await answer.status != 200)
    }
}
