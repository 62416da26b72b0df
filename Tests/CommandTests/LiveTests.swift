import Foundation
import Testing

/// `tideway up` as a user runs it, over replicas that are small servers in Python.
@Suite(.serialized)
struct LiveTests {
    private static let server = """
        import http.server, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
            def log_message(self, *arguments): pass
        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """

    private static let configuration = """
        state_folder: state
        gateway: {listen: "127.0.0.1:0"}
        workloads:
          - id: chat
            replicas: {min: 2, max: 2}
            variants:
              - profile: 8b-a100
                pool: local
                engine:
                  processes:
                    command: [python3, server.py, "{port}"]
                    working_folder: FOLDER
                    expected_start_up: 1s
        node_pools:
          - id: local
            accelerators_per_node: 4
        """

    /// What `tideway status --json` says; nil while nobody answers.
    private struct Status {
        var controller: Int
        var ready: Int
        var processes: [Int]

        init?(_ program: Program) throws {
            let outcome = try program.run(["status", "--json"])
            guard outcome.status == 0,
                let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
                let workload = (object["workloads"] as? [[String: Any]])?.first,
                let controller = object["processID"] as? Int, let ready = workload["ready"] as? Int
            else { return nil }
            self.controller = controller
            self.ready = ready
            processes = (workload["replicas"] as? [[String: Any]] ?? []).compactMap { $0["processID"] as? Int }.sorted()
        }
    }

    private func status(_ program: Program, where fits: (Status) -> Bool) async throws -> Status {
        for _ in 0..<300 {
            if let status = try Status(program), fits(status) { return status }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw StandStill(notes: (try? program.text("up.log")) ?? "")
    }

    private struct StandStill: Error { var notes: String }

    private func begin(_ program: Program) throws -> Process {
        try program.write(Self.server, to: "server.py")
        try program.write(
            Self.configuration.replacingOccurrences(of: "FOLDER", with: program.folder.path), to: "tideway.yaml")
        try program.write("", to: "up.log")
        return try program.start(["up"], notes: "up.log")
    }

    /// One that ended and that nobody has asked about yet is not alive.
    private func isAlive(_ process: Int) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        return !text[end...].dropFirst(2).hasPrefix("Z")
    }

    @Test func up_controllerKilledThenStopped_keepsReplicasAndLeavesNothing() async throws {
        let program = try Program()
        defer { program.remove() }
        let up = try begin(program)
        defer { if up.isRunning { up.terminate() } }
        let first = try await status(program) { $0.ready == 2 }
        #expect(first.processes.count == 2)
        kill(Int32(first.controller), SIGKILL)
        let second = try await status(program) { $0.controller != first.controller && $0.ready == 2 }
        #expect(second.processes == first.processes)
        up.terminate()
        up.waitUntilExit()
        let notes = try program.text("up.log")
        #expect(up.terminationStatus == 0, "\(notes)")
        #expect(!first.processes.contains { isAlive($0) })
    }

    @Test func up_withoutAFile_saysWhatToDo() throws {
        let program = try Program()
        defer { program.remove() }
        let outcome = try program.run(["up"])
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains("there is no tideway.yaml in this folder"))
        #expect(outcome.notes.contains("tideway init"))
    }

    @Test func status_nothingRuns_saysHowToStart() throws {
        let program = try Program()
        defer { program.remove() }
        try program.write(Self.configuration, to: "tideway.yaml")
        let outcome = try program.run(["status"])
        #expect(outcome.status != 0)
        #expect(outcome.notes.contains("tideway up"))
    }
}
