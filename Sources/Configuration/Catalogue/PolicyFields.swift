internal import Fleet
internal import Policies

/// The settings of the policy `tideway`: a key for each parameter.
enum PolicyFields {
    /// The section that holds them.
    static let section = "policy"

    static let all: [SettingField<TidewayConfiguration>] = TidewayParameter.all.map { parameter in
        SettingField(
            key: "\(section).\(parameter.name)", kind: kind(of: parameter), effect: .atOnce, meaning: parameter.meaning
        ) {
            value(parameter.value(in: $0.policy), of: parameter)
        } write: { root, value in
            switch value {
            case .number(let number): parameter.set(number, in: &root.policy)
            case .duration(let duration): parameter.set(duration.seconds, in: &root.policy)
            default: break
            }
        }
    }

    private static func kind(of parameter: TidewayParameter) -> ValueKind {
        switch parameter.unit {
        case .number: .number(parameter.range)
        case .seconds: .duration(.seconds(parameter.range.lowerBound) ... .seconds(parameter.range.upperBound))
        }
    }

    private static func value(_ value: Double, of parameter: TidewayParameter) -> ConfigurationValue {
        switch parameter.unit {
        case .number: .number(value)
        case .seconds: .duration(.seconds(value))
        }
    }
}
