internal import Sampling

extension Trace {
    /// The requests that arrive within a window of seconds. With `rezeroed` the window's start becomes time zero.
    package func window(_ window: Range<Double>, rezeroed: Bool) -> Trace {
        let shift = rezeroed && window.lowerBound.isFinite ? window.lowerBound : 0
        return rebuilt { _, request in
            guard window.contains(request.row.arrival) else { return false }
            request.row.arrival -= shift
            return true
        }
    }

    /// All requests, later by so many seconds (earlier when negative).
    package func shifted(bySeconds seconds: Double) -> Trace {
        rebuilt { _, request in
            request.row.arrival += seconds
            return true
        }
    }

    /// The same requests in less time: arrivals are divided by `speed`, above zero.
    package func spedUp(by speed: Double) -> Trace {
        precondition(speed > 0 && speed.isFinite, "speed is above zero")
        return rebuilt { _, request in
            request.row.arrival /= speed
            return true
        }
    }

    /// The trace so many times end to end. Each pass takes whole seconds, up to the one in which the last request came,
    /// so that a day stays a day.
    package func repeated(times: Int) -> Trace {
        precondition(times > 0, "a trace is repeated at least once")
        let origin = firstArrival < 0 ? firstArrival.rounded(.down) : 0
        let period = lastArrival.rounded(.down) + 1 - origin
        var builder = TraceBuilder(columns: columns, workloadNames: workloadNames)
        for pass in 0..<times {
            for index in 0..<count {
                var request = request(index)
                request.row.arrival += Double(pass) * period
                builder.append(request)
            }
        }
        return builder.finish(name: name)
    }

    /// Adds a uniform draw from 0 ..< seconds to each arrival, for traces whose clock ticks in steps of that length.
    package func spread(overSeconds seconds: Double, using generator: inout some RandomNumberGenerator) -> Trace {
        precondition(seconds >= 0 && seconds.isFinite, "a spread is zero or more")
        return rebuilt { _, request in
            request.row.arrival += seconds * generator.uniform()
            return true
        }
    }
}
