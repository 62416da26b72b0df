internal import ArgumentParser
internal import Fleet
internal import Foundation
internal import Performance
internal import Profiles

/// `tideway profile list`: the shipped profiles, a line each.
struct ProfileListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles that come with tideway.")

    func run() {
        let names = ProfileCatalogue.shipped.map(\.name.count).max() ?? 0
        print(row(names, ["NAME", "GPUS", "EMPTY STEP", "PREFILL", "CONTEXT", "PRICE"]))
        print(row(names, ["", "", "ms", "tokens/s", "tokens", "per replica-hour"]))
        for profile in ProfileCatalogue.shipped { print(row(names, cells(profile))) }
        print("\nDetails and origin: tideway profile show NAME. Your own: tideway profile fit --help")
    }

    private func cells(_ profile: PerformanceProfile) -> [String] {
        let price = profile.price.perAcceleratorHour * Double(profile.accelerators)
        return [
            profile.name, "\(profile.accelerators)", String(format: "%.2f", profile.c0 * 1e3),
            profile.c3 > 0 ? String(format: "%.0f", 1 / profile.c3) : "-", "\(profile.kvTokens)",
            String(format: "%.2f", price),
        ]
    }

    private func row(_ nameWidth: Int, _ cells: [String]) -> String {
        let widths = [5, 11, 9, 9, 17]
        let numbers = zip(cells.dropFirst(), widths).map { String(repeating: " ", count: max($1 - $0.count, 1)) + $0 }
        return cells[0].padding(toLength: nameWidth, withPad: " ", startingAt: 0) + numbers.joined()
    }
}
