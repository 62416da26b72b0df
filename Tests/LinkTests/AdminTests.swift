import NIOPosix
import Testing

@testable import Link

struct AdminTests {
    let folder: Folder
    init() throws { folder = try Folder() }

    @Test func admin_asked_answersWithTheStatus() async throws {
        var workload = WorkloadStatus(id: "chat", mode: "act", policy: "tideway")
        workload.goodRequests = 95
        workload.finishedRequests = 98
        workload.refusedRequests = 2
        #expect(workload.attainment == 0.95)
        let status = ControllerStatus(
            processID: 7, startedAt: 1, mode: "act", isFrozen: false, isGatewayConnected: true, workloads: [workload])
        let server = AdminServer(path: folder.file("admin.sock"), group: .singleton) { request, answer in
            answer(request == .status ? .status(status) : .done("\(request)"))
        }
        try await server.start()
        let reply = try await AdminClient.ask(.status, at: folder.file("admin.sock"), group: .singleton)
        #expect(reply == .status(status))
        #expect(try await AdminClient.ask(.freeze, at: folder.file("admin.sock"), group: .singleton) == .done("freeze"))
        await server.stop()
    }

    @Test func admin_nobodyListens_saysSo() async throws {
        let path = folder.file("admin.sock")
        await #expect(throws: LinkError.nobodyListens(path)) {
            try await AdminClient.ask(.status, at: path, group: .singleton)
        }
    }
}
