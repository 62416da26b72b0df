import Configuration
import Foundation
import Link
import Synchronization
import Testing

@testable import Gateway

struct DispatchOrderTests {
    private static let longBody =
        #"{"model":"small","prompt":""# + String(repeating: "long ", count: 800) + #"","max_tokens":5}"#

    /// A short prompt that came first is late at once; a long one that came after it has all the time.
    @Test(arguments: [(RoutingSettings.Order.fcfs, false), (.slo, true)])
    func order_whoIsStillInTime_goesFirst(order: RoutingSettings.Order, longIsFirst: Bool) async throws {
        let lengths = Mutex<[Int]>([])
        let upstream = try await StubUpstream.start { request, reply in
            lengths.withLock { $0.append(request.body.utf8.count) }
            reply.answer("{}")
        }
        let gateway = try await GatewayFixture.start(maxBatch: 1, shortPromptLimit: 0.001) {
            $0.workloads[0].routing.order = order
        }
        let (short, long) = (try await gateway.client(), try await gateway.client())
        short.post(smallBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 1 })
        long.post(Self.longBody)
        #expect(await gateway.sampleBecomes { $0.queuedRequests == 2 })
        // The millisecond is over.
        try await Task.sleep(for: .milliseconds(5))
        gateway.setFleet([upstream.port])
        #expect(await short.waits(for: "{}"))
        #expect(await long.waits(for: "{}"))
        #expect(lengths.withLock { $0.map { $0 > 1000 } } == [longIsFirst, !longIsFirst])
        #expect(await gateway.isSettled())
        await gateway.stop()
    }
}
