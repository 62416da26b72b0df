/// Electrical power in watts.
package struct Power: Hashable, Comparable, Sendable {
    package var watts: Double
    package init(watts: Double) { self.watts = watts }
    package static func < (left: Power, right: Power) -> Bool { left.watts < right.watts }
}

/// Electrical energy; kept in joules, shown in kilowatt-hours.
package struct Energy: Hashable, Comparable, Sendable {
    package var joules: Double
    package init(joules: Double) { self.joules = joules }
    package var kilowattHours: Double { joules / 3_600_000 }
    package static func < (left: Energy, right: Energy) -> Bool { left.joules < right.joules }
}

/// What one accelerator costs for an hour, in the user's currency.
package struct Price: Hashable, Comparable, Sendable {
    package var perAcceleratorHour: Double
    package init(perAcceleratorHour: Double) { self.perAcceleratorHour = perAcceleratorHour }
    package static func < (left: Price, right: Price) -> Bool { left.perAcceleratorHour < right.perAcceleratorHour }
}
