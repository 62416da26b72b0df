/// How fast a HorizontalPodAutoscaler may follow its metrics: `spec.behavior`.
package struct ScalingBehavior: Hashable, Sendable {
    /// One entry of `policies`: the change that is allowed within a period.
    package enum Limit: Hashable, Sendable {
        case percent(Double, per: Duration)
        case pods(Int, per: Duration)

        var period: Duration {
            switch self {
            case .percent(_, let period), .pods(_, let period): period
            }
        }

        /// The highest fleet, from the one at the period's start. Percent rounds up.
        func highest(from start: Int) -> Int {
            switch self {
            case .percent(let percent, _): Int(covering: Double(start) * (1 + percent / 100))
            case .pods(let pods, _): start + pods
            }
        }

        /// The lowest fleet, from the one at the period's start. Percent truncates.
        func lowest(from start: Int) -> Int {
            switch self {
            case .percent(let percent, _): Int(Double(start) * (1 - percent / 100))
            case .pods(let pods, _): start - pods
            }
        }
    }

    /// Which of several limits counts.
    package enum Selection: Hashable, Sendable {
        /// The one that allows the largest change.
        case max
        /// The one that allows the smallest change.
        case min
        /// None: this direction is switched off.
        case disabled
    }

    /// The rules of one direction.
    package struct Direction: Hashable, Sendable {
        package var stabilisationWindow: Duration
        package var limits: [Limit]
        package var selection: Selection

        /// - Parameters:
        ///   - stabilisationWindow: how long past recommendations count.
        ///   - limits: at least one, unless `disabled`.
        ///   - selection: which of them counts.
        package init(stabilisationWindow: Duration, limits: [Limit], selection: Selection = .max) {
            precondition(selection == .disabled || !limits.isEmpty, "a direction that is on has limits")
            self.stabilisationWindow = stabilisationWindow
            self.limits = limits
            self.selection = selection
        }
    }

    package var up: Direction
    package var down: Direction

    /// - Parameters:
    ///   - up: rules of growth.
    ///   - down: rules of shrinking.
    package init(up: Direction, down: Direction) {
        self.up = up
        self.down = down
    }

    /// What Kubernetes fills in: up at once by 100 % or 4 pods per 15 s, down by 100 % per 15 s after 300 s.
    package static let kubernetes = ScalingBehavior(
        up: Direction(
            stabilisationWindow: .zero, limits: [.percent(100, per: .seconds(15)), .pods(4, per: .seconds(15))]),
        down: Direction(stabilisationWindow: .seconds(300), limits: [.percent(100, per: .seconds(15))]))
}
