import Testing

@testable import Link

struct OutboxTests {
    @Test func outbox_newerSample_replacesTheOneThatWaits() {
        var outbox = Outbox<Int>(limit: 3)
        #expect(outbox.append(1, replacing: "chat"))
        #expect(outbox.append(2, replacing: nil))
        #expect(outbox.append(3, replacing: "other"))
        #expect(outbox.append(4, replacing: "chat"))
        #expect(taken(&outbox) == [2, 3, 4])
    }

    @Test func outbox_ordersBeyondItsLimit_areRefusedNotDropped() {
        var outbox = Outbox<Int>(limit: 2)
        #expect(outbox.append(1, replacing: nil))
        #expect(outbox.append(2, replacing: nil))
        #expect(!outbox.append(3, replacing: nil))
        #expect(taken(&outbox) == [1, 2])
    }

    @Test func outbox_readerTakesSome_keepsTheRest() {
        var outbox = Outbox<Int>(limit: 9)
        for number in 1...4 { #expect(outbox.append(number, replacing: nil)) }
        var seen: [Int] = []
        outbox.drain { number in
            guard seen.count < 2 else { return false }
            seen.append(number)
            return true
        }
        #expect(seen == [1, 2])
        #expect(taken(&outbox) == [3, 4])
        #expect(outbox.isEmpty)
    }

    private func taken(_ outbox: inout Outbox<Int>) -> [Int] {
        var seen: [Int] = []
        outbox.drain {
            seen.append($0)
            return true
        }
        return seen
    }
}
