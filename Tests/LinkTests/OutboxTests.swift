import Testing

@testable import Link

struct OutboxTests {
    @Test func outbox_newerSample_replacesTheOneThatWaits() {
        var outbox = Outbox<Int>(limit: 3)
        var kept: [Bool] = []
        for (number, key) in [(1, "chat"), (2, nil), (3, "other"), (4, "chat")] {
            kept.append(outbox.append(number, replacing: key))
        }
        #expect(kept == [true, true, true, true])
        let rest = taken(&outbox)
        #expect(rest == [2, 3, 4])
    }

    @Test func outbox_ordersBeyondItsLimit_areRefusedNotDropped() {
        var outbox = Outbox<Int>(limit: 2)
        var kept: [Bool] = []
        for number in 1...3 { kept.append(outbox.append(number, replacing: nil)) }
        #expect(kept == [true, true, false])
        let rest = taken(&outbox)
        #expect(rest == [1, 2])
    }

    @Test func outbox_readerTakesSome_keepsTheRest() {
        var outbox = Outbox<Int>(limit: 9)
        for number in 1...4 { _ = outbox.append(number, replacing: nil) }
        var seen: [Int] = []
        outbox.drain { number in
            guard seen.count < 2 else { return false }
            seen.append(number)
            return true
        }
        #expect(seen == [1, 2])
        let rest = taken(&outbox)
        #expect(rest == [3, 4])
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
