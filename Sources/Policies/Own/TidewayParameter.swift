internal import Fleet
internal import Performance

/// A setting of Tideway's policy as others know it: what it is called, what it may be, and where a search looks.
///
/// `all` is the one list of them: the configuration, the documentation, the file of settings and `tideway tune` go by it, so a
/// new setting needs one line here.
package struct TidewayParameter: Sendable {
    /// What its value is.
    package enum Unit: Hashable, Sendable {
        /// A share, a factor, or a number of absences.
        case number
        /// Written as a duration.
        case seconds
    }

    /// How its values lie apart.
    package enum Scale: Hashable, Sendable {
        case linear
        /// By ratios: from 1 to 2 is as far as from 2 to 4. Its range lies above zero.
        case logarithmic
    }

    /// In snake case, as files write it.
    package let name: String
    package let unit: Unit
    /// Values that are accepted.
    package let range: ClosedRange<Double>
    package let scale: Scale
    /// Where a search looks, within `range` and around the default; nil where it leaves the default.
    package let searched: ClosedRange<Double>?
    /// One sentence.
    package let meaning: String
    private let path: any WritableKeyPath<TidewaySettings, Double> & Sendable

    private init(
        _ name: String, _ path: any WritableKeyPath<TidewaySettings, Double> & Sendable, _ range: ClosedRange<Double>,
        unit: Unit = .number, scale: Scale = .linear, searched: ClosedRange<Double>? = nil, _ meaning: String
    ) {
        self.name = name
        self.unit = unit
        self.range = range
        self.scale = scale
        self.searched = searched
        self.meaning = meaning
        self.path = path
    }

    /// Its value, in its unit.
    package func value(in settings: TidewaySettings) -> Double { settings[keyPath: path] }

    /// - Parameters:
    ///   - value: within `range`, in its unit.
    ///   - settings: in which it is set.
    package func set(_ value: Double, in settings: inout TidewaySettings) { settings[keyPath: path] = value }

    /// All settings, in the order in which files write them.
    package static let all = [
        TidewayParameter(
            "caution", \.caution, 0...1, searched: 0.2...0.9,
            "Caution of a fresh start: 0 plans at the lowest quantile of the forecast's errors, 1 at the highest."),
        TidewayParameter("quantile_min", \.quantileMin, 0.01...0.5, "The quantile at caution 0."),
        TidewayParameter("quantile_max", \.quantileMax, 0.5...0.99, "The quantile at caution 1."),
        TidewayParameter(
            "missed_time_per_caution", \.missedSecondsPerCaution, 1...3600, unit: .seconds, scale: .logarithmic,
            "Mean traffic that has to be missed to move caution by 1."),
        TidewayParameter(
            "miss_target_share", \.missTargetShare, 0.01...1, searched: 0.3...1,
            "The part of the misses that the objective allows which is aimed at; the rest is reserve."),
        TidewayParameter(
            "surge_late_share", \.surgeLateShare, 0.0001...1, scale: .logarithmic, searched: 0.01...0.3,
            "Share of the work that surges may make late, at the caution of a fresh start."),
        TidewayParameter(
            "late_work_value", \.lateWorkValue, 0.1...10_000, scale: .logarithmic, searched: 1...30,
            "What it is worth that even less is late, in replica-seconds held for each, at the caution of a fresh start."
        ),
        TidewayParameter(
            "surge_memory", \.surgeMemorySeconds, 60...86_400, unit: .seconds, scale: .logarithmic,
            "How long surges are remembered."),
        TidewayParameter(
            "surge_threshold", \.surgeThreshold, 1...10, scale: .logarithmic,
            "A rate this many times what was planned for is a surge."),
        TidewayParameter(
            "feared_surge", \.fearedSurge, 1...20, scale: .logarithmic,
            "Where traffic stops at once in the first hours, before any surge was seen: the surge to be ready for, in half-hour means."
        ),
        TidewayParameter(
            "surge_penalty", \.surgePenalty, 0.1...100, scale: .logarithmic, searched: 1...20,
            "What giving up a replica costs that only a surge needs, or any where bursts were measured, in absences."),
        TidewayParameter(
            "penalty", \.penalty, 0.1...100, scale: .logarithmic, searched: 0.5...8,
            "The same of any other replica."),
    ]

    /// Those that a search varies.
    package static var searched: [TidewayParameter] { all.filter { $0.searched != nil } }
}

extension TidewaySettings {
    /// The ends of `quantiles`, as two settings.
    fileprivate var quantileMin: Double {
        get { quantiles.lowerBound }
        set { quantiles = newValue...max(quantiles.upperBound, newValue) }
    }
    fileprivate var quantileMax: Double {
        get { quantiles.upperBound }
        set { quantiles = min(quantiles.lowerBound, newValue)...newValue }
    }

    /// What differs from the defaults, as `name value`, in the order of the parameters; empty for the defaults.
    package var differences: [String] {
        let defaults = TidewaySettings()
        return TidewayParameter.all.filter { $0.value(in: self) != $0.value(in: defaults) }.map {
            "\($0.name) \($0.value(in: self))"
        }
    }
}

extension TidewayPolicy {
    /// What was learned under other settings, for other start-ups or in another order of dispatch is not gone on from, as its windows and
    /// steps are made of them; nor what was counted in other steady replicas: of another profile, objective or size of request.
    package var stateName: String {
        let order = context.inTimeFirst ? ["slo"] : []
        let shape = context.operatingPoint.shape
        let unit = [
            "profile \(context.profile.name)", "limits \(context.slo.limits.name)",
            "attainment \(context.slo.attainmentTarget)",
            "shape \(shape.uncachedTokens)+\(shape.decodedTokens)",
        ]
        return ([name] + unit + ["start-up \(context.startUpMedian.seconds) s"] + order + settings.differences)
            .joined(separator: " ")
    }
}

extension ServiceLevelObjective.Limits {
    fileprivate var name: String {
        switch self {
        case .tokens(let ttft, let itl): "\(ttft.seconds) s, \(itl.seconds) s"
        case .latency(let latency): "\(latency.seconds) s"
        }
    }
}
