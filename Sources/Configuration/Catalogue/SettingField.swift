/// When a changed value takes effect.
package enum ChangeEffect: String, Hashable, Sendable {
    /// With the reload.
    case atOnce = "at once"
    /// For replicas that are started after the reload; those that run keep what they have.
    case newReplicas = "new replicas"
    /// When Tideway is started again.
    case restart = "restart"
}

/// One key of the file and the setting that it is: its type, what it means, and how it is read and written.
///
/// `Root` is the structure that holds the setting. The reader, the documentation and the comparison of two configurations all
/// go by the same fields.
struct SettingField<Root>: Sendable {
    /// Path within the structure: `slo.ttft`.
    let key: String
    let kind: ValueKind
    var isRequired = false
    var effect: ChangeEffect
    let meaning: String
    /// Stands in the documentation instead of the default value.
    var defaultNote: String?
    /// The setting as a value; nil when it is not set.
    let read: @Sendable (Root) -> ConfigurationValue?
    /// Takes a value; nil unsets a setting that may be without one, and changes no other.
    let write: @Sendable (inout Root, ConfigurationValue?) -> Void
}

extension SettingField {
    static func integer(
        _ key: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<Root, Int> & Sendable,
        _ effect: ChangeEffect,
        _ meaning: String
    ) -> Self {
        Self(key: key, kind: .integer(range), effect: effect, meaning: meaning) {
            .integer($0[keyPath: path])
        } write: { root, value in
            if case .integer(let number) = value { root[keyPath: path] = number }
        }
    }

    static func number(
        _ key: String, _ range: ClosedRange<Double>, _ path: any WritableKeyPath<Root, Double> & Sendable,
        _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .number(range), effect: effect, meaning: meaning) {
            .number($0[keyPath: path])
        } write: { root, value in
            if case .number(let number) = value { root[keyPath: path] = number }
        }
    }

    static func size(
        _ key: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<Root, Int> & Sendable,
        _ effect: ChangeEffect,
        _ meaning: String
    ) -> Self {
        Self(key: key, kind: .size(range), effect: effect, meaning: meaning) {
            .bytes($0[keyPath: path])
        } write: { root, value in
            if case .bytes(let bytes) = value { root[keyPath: path] = bytes }
        }
    }

    static func duration(
        _ key: String, _ range: ClosedRange<Duration>, _ path: any WritableKeyPath<Root, Duration> & Sendable,
        _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .duration(range), effect: effect, meaning: meaning) {
            .duration($0[keyPath: path])
        } write: { root, value in
            if case .duration(let duration) = value { root[keyPath: path] = duration }
        }
    }

    static func boolean(
        _ key: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .boolean, effect: effect, meaning: meaning) {
            .boolean($0[keyPath: path])
        } write: { root, value in
            if case .boolean(let isTrue) = value { root[keyPath: path] = isTrue }
        }
    }

    static func text(
        _ key: String, _ form: TextForm = .any, _ path: any WritableKeyPath<Root, String> & Sendable,
        _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .text(form), effect: effect, meaning: meaning) {
            .text($0[keyPath: path])
        } write: { root, value in
            if case .text(let text) = value { root[keyPath: path] = text }
        }
    }

    static func optionalText(
        _ key: String, _ form: TextForm = .any, _ path: any WritableKeyPath<Root, String?> & Sendable,
        _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .text(form), effect: effect, meaning: meaning) {
            $0[keyPath: path].map { .text($0) }
        } write: { root, value in
            switch value {
            case nil: root[keyPath: path] = nil
            case .text(let text): root[keyPath: path] = text
            default: break
            }
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: any WritableKeyPath<Root, Choice> & Sendable, _ effect: ChangeEffect, _ meaning: String
    ) -> Self {
        Self(key: key, kind: .choice(Choice.allCases.map(\.rawValue)), effect: effect, meaning: meaning) {
            .text($0[keyPath: path].rawValue)
        } write: { root, value in
            if case .text(let text) = value, let choice = Choice(rawValue: text) { root[keyPath: path] = choice }
        }
    }

    /// A key that has to be there.
    var required: Self {
        var field = self
        field.isRequired = true
        return field
    }

    /// What the documentation says in place of a default value.
    func byDefault(_ note: String) -> Self {
        var field = self
        field.defaultNote = note
        return field
    }
}
