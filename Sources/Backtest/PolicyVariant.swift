internal import Fleet
internal import Policies
internal import Simulation

/// A policy as a backtest names it: that of the catalogue, then suffixes. `+slo` is its order of dispatch. The others replace
/// a part by its perfect version: references that show what limits the policy, and that nobody can run.
package struct PolicyVariant: Hashable, Sendable {
    /// Its fleet is served in the order `slo`, whatever the others' order is.
    package static let inTimeSuffix = "+slo"

    /// A part that is replaced.
    enum Part: String, CaseIterable {
        case forecast = "+perfect-forecast"
        case bursts = "+perfect-bursts"
        case release = "+perfect-release"
        case exactStarts = "+exact-starts"
        case starts = "+perfect-starts"
        case all = "+perfect"

        /// What there is in its place.
        var summary: String {
            switch self {
            case .forecast: "the mean demand one horizon ahead is known, without a margin"
            case .bursts: "the bursts around that instant are known, and no head-room is held for others"
            case .release: "what is needed until a replica that is given up could be back is known"
            case .exactStarts: "every start takes the stated time"
            case .starts: "replicas are ready at once, while it plans as for the stated time"
            case .all: "all of these but exact starts"
            }
        }

        /// What the policy is told of the traffic to come; nil where it is the plant that is replaced.
        var foresight: DemandForesight.Parts? {
            switch self {
            case .forecast: .level
            case .bursts: .bursts
            case .release: .release
            case .all: [.level, .bursts, .release]
            case .exactStarts, .starts: nil
            }
        }
    }

    /// As it was given.
    package let name: String
    /// Of the catalogue, if there is such a one.
    package let policy: String
    package let isInTime: Bool
    private let parts: Set<Part>

    /// - Parameter name: the policy's, with suffixes in any order.
    package init(_ name: String) {
        self.name = name
        var rest = name
        var isInTime = false
        var parts: Set<Part> = []
        while true {
            if rest.hasSuffix(PolicyVariant.inTimeSuffix) {
                isInTime = true
                rest.removeLast(PolicyVariant.inTimeSuffix.count)
            } else if let part = Part.allCases.first(where: { rest.hasSuffix($0.rawValue) }) {
                parts.insert(part)
                rest.removeLast(part.rawValue.count)
            } else {
                break
            }
        }
        policy = rest
        self.isInTime = isInTime
        self.parts = parts
    }

    /// The suffixes of parts, with what each means.
    package static let partsText = Part.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "; ")

    /// A suffix for something that only the policy `tideway` has, after another one's name.
    package var misplacedSuffix: String? {
        guard policy != TraceStudy.guardedPolicy else { return nil }
        return Part.allCases.first { parts.contains($0) && $0.foresight != nil }?.rawValue
    }

    /// Puts the perfect versions in place.
    func replaceParts(of context: inout PolicyContext, _ study: inout TraceStudy) {
        let known = parts.compactMap(\.foresight).reduce(into: DemandForesight.Parts()) { $0.formUnion($1) }
        if !known.isEmpty { context.foresight = study.foresight(known) }
        if parts.contains(.exactStarts) { study.options.startUp.spread = 1 }
        if !parts.isDisjoint(with: [.starts, .all]) {
            study.options.startUp = StartUpModel(median: .zero, spread: 1)
            context.learnsStartUp = false
        }
    }
}

extension TraceStudy {
    /// The traffic of the trace, in the steady replicas that policies count.
    fileprivate func foresight(_ parts: DemandForesight.Parts) -> DemandForesight {
        DemandForesight(
            ClairvoyantDemand(self).arrivals.map { DemandForesight.Arrival(time: $0.time, work: $0.work) }, parts: parts
        )
    }
}
