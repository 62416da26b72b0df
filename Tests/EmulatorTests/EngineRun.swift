import Fleet
import Performance

@testable import Emulator

/// An engine by a clock that jumps from one time it asks for to the next.
final class EngineRun {
    /// What happened, and when, in seconds.
    struct Note {
        var time: Double
        var directive: EngineDirective
    }

    private(set) var engine: EmulatedEngine
    private(set) var notes: [Note] = []
    /// How often the timer fired.
    private(set) var timerCount = 0

    init(_ options: EmulatorOptions) {
        engine = EmulatedEngine(options, at: Instant(seconds: 0))
    }

    /// Lets the time pass up to `seconds`, then tells the event.
    func tell(_ event: EngineEvent, at seconds: Double) {
        run(until: seconds)
        note(engine.on(event, at: Instant(seconds: seconds)), at: seconds)
    }

    func run(until seconds: Double = .infinity) {
        while let next = engine.nextTime, next.seconds <= seconds {
            timerCount += 1
            precondition(timerCount < 100_000, "the engine does not come to an end")
            note(engine.on(.timer, at: next), at: next.seconds)
        }
    }

    private func note(_ directives: [EngineDirective], at time: Double) {
        notes += directives.map { Note(time: time, directive: $0) }
    }

    /// When each token of a request came.
    func tokenTimes(_ id: EngineRequestID) -> [Double] {
        notes.flatMap { note -> [Double] in
            guard case .tokens(id, let count) = note.directive else { return [] }
            return Array(repeating: note.time, count: count)
        }
    }

    func finish(_ id: EngineRequestID) -> (time: Double, reason: FinishReason, usage: EngineUsage)? {
        for note in notes {
            if case .finish(id, let reason, let usage) = note.directive { return (note.time, reason, usage) }
        }
        return nil
    }

    func refusal(_ id: EngineRequestID) -> EngineError? {
        for note in notes {
            if case .refuse(id, let error) = note.directive { return error }
        }
        return nil
    }

    func metricsPage(at seconds: Double) -> String {
        engine.metrics.page(engine.load(at: Instant(seconds: seconds)), modelName: "m")
    }
}

extension EmulatorOptions {
    /// Round numbers: iterations of 10 ms + 1 ms a sequence, prefill 1 ms a token + 20 ms, chunks of 50 ms.
    static func round(maxBatch: Int = 100, kvTokens: Int = 10_000) -> EmulatorOptions {
        EmulatorOptions(
            profile: PerformanceProfile(
                name: "round", accelerators: 1, decode: (c0: 0.01, c1: 0.001, c2: 0), prefill: (c3: 0.001, c4: 0.02),
                chunkTokens: 50, maxBatch: maxBatch, kvTokens: kvTokens, backlogSeconds: 1, power: .assumed,
                price: Price(perAcceleratorHour: 1)),
            modelName: "m")
    }
}
