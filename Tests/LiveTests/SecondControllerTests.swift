import Foundation
import Link
import Testing

/// Two controllers in one state folder.
@Suite(.serialized) struct SecondControllerTests {
    /// The second is refused by the name of the first, which goes on as if nothing had been.
    @Test func secondController_sameStateFolder_isRefusedAndTouchesNothing() async throws {
        let stack = try Stack(profile: Configurations.slowProfile)
        try stack.configure(Configurations.chat(replicas: "{min: 2, max: 2}"))
        try stack.start()
        let first = try await stack.status("fleet") { $0.only.ready == 2 && $0.isGatewayConnected }
        let processes = stack.marked.map(\.id).sorted()
        let second = try stack.run("controller")
        try await stack.wait("refusal") { !second.isRunning }
        #expect(second.terminationStatus != 0)
        #expect(stack.notes.contains("the controller with process id \(first.processID) holds"))
        let after = try await stack.status("status") { _ in true }
        #expect(after.processID == first.processID && after.only.ready == 2 && after.isGatewayConnected)
        #expect(stack.marked.map(\.id).sorted() == processes)
        #expect(try await stack.stop() == 0)
        #expect(stack.marked.isEmpty)
    }
}
