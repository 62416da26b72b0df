/// One target, and what it may import that is not ours.
struct TargetRule {
    let name: String
    /// Pure: no input or output, no clock, no system randomness, no tasks.
    let isPure: Bool
    let externals: Set<String>

    static func pure(_ name: String, _ externals: Set<String> = ["RealModule"]) -> TargetRule {
        TargetRule(name: name, isPure: true, externals: externals)
    }

    static func shell(_ name: String, _ externals: Set<String> = ["Foundation"]) -> TargetRule {
        TargetRule(name: name, isPure: false, externals: externals)
    }
}

/// What a target that speaks over sockets may import.
let network: Set<String> = [
    "Foundation", "Synchronization", "Dispatch", "Glibc", "Logging", "NIOCore", "NIOPosix", "NIOHTTP1",
]

/// All targets from the lowest layer to the highest. A target imports only what lies in a lower layer than its own.
let layers: [[TargetRule]] = [
    [.pure("Sampling"), .pure("Fleet", []), .pure("Prometheus", []), .shell("CZlib", [])],
    [.pure("Traces"), .pure("Performance"), .pure("Forecasting")],
    [.pure("Routing"), .pure("Control")],
    [.pure("Capacity")],
    [.pure("Policies")],
    [.pure("Simulation")],
    [.pure("Backtest")],
    [.shell("Reports")],
    [.shell("TraceFiles", ["Foundation", "Synchronization", "Glibc"]), .shell("Profiles")],
    [.shell("Configuration", ["Foundation", "Yams"]), .shell("Link", network)],
    [.shell("Runtime", ["Foundation", "Synchronization", "Glibc", "Logging"])],
    [
        .shell("Processes", ["Foundation", "Synchronization", "Dispatch", "Glibc", "Logging"]),
        .shell("Emulator", network), .shell("Gateway", network), .shell("Load", network.union(["Histogram"])),
    ],
    [.shell("Assembly", network.union(["ServiceLifecycle", "UnixSignals"]))],
    [.shell("tideway", ["Foundation", "Synchronization", "Dispatch", "Glibc", "ArgumentParser"])],
]

/// What no pure target may import, whatever the table above says.
let impureModules: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization", "Logging",
]

/// An `import` statement.
struct ImportStatement: Equatable {
    let module: String
    /// "internal", "package", "public"…; empty when none is stated.
    let access: String
}

func imports(of file: SourceFile) -> [ImportStatement] {
    let pattern =
        /(?m)^(?:@[a-zA-Z_]+ )*(?:(public|package|internal|fileprivate|private) )?import (?:(?:struct|class|enum|func|protocol|typealias) )?([A-Za-z0-9_]+)/
    return file.code.matches(of: pattern).map {
        ImportStatement(module: String($0.output.2), access: $0.output.1.map(String.init) ?? "")
    }
}

/// Pure targets import what their row of the table names, and lower targets; nothing else.
func impureImports(_ files: [SourceFile], layers: [[TargetRule]]) -> [String] {
    let targets = layers.flatMap { $0 }
    let ours = Set(targets.map(\.name))
    return files.flatMap { file -> [String] in
        guard let rule = targets.first(where: { $0.name == file.target }) else { return [] }
        return imports(of: file).map(\.module).filter { module in
            if rule.isPure && impureModules.contains(module) { return true }
            return !ours.contains(module) && !rule.externals.contains(module)
        }.map { "\(file.path): \(rule.name) may not import \($0)" }
    }
}

/// An import leads to a lower layer.
func upwardImports(_ files: [SourceFile], layers: [[TargetRule]]) -> [String] {
    var height: [String: Int] = [:]
    for (level, layer) in layers.enumerated() {
        for rule in layer { height[rule.name] = level }
    }
    return files.flatMap { file -> [String] in
        guard let own = height[file.target] else { return ["\(file.path): \(file.target) is in no layer"] }
        return imports(of: file).filter { (height[$0.module] ?? -1) >= own }
            .map { "\(file.path): \($0.module) does not lie below \(file.target)" }
    }
}

/// Every import says who else sees it.
func importsWithoutAccess(_ files: [SourceFile]) -> [String] {
    files.flatMap { file in
        imports(of: file).filter { $0.access.isEmpty }.map {
            "\(file.path): import \($0.module) states no access level"
        }
    }
}

/// The names of the manifest's targets, tests left out. Names stand in strings, so the text is read, not the code.
func targetNames(inManifest manifest: SourceFile) -> [String] {
    let pattern = /(?m)^\s+(?:library\(\s*|\.(?:executableTarget|systemLibrary|target)\(\s*name: )"([A-Za-z]+)"/
    return manifest.text.matches(of: pattern).map { String($0.output.1) }
}

/// The table names exactly the targets that there are.
func targetsOutsideLayers(manifest: SourceFile, layers: [[TargetRule]]) -> [String] {
    let declared = Set(targetNames(inManifest: manifest))
    let known = Set(layers.flatMap { $0 }.map(\.name))
    return declared.subtracting(known).sorted().map { "\($0) is in no layer" }
        + known.subtracting(declared).sorted().map { "\($0) is in a layer, but no target" }
}

/// Pure code neither reads a clock nor draws from the system, starts no task and prints nothing.
func impureCalls(_ files: [SourceFile], layers: [[TargetRule]]) -> [String] {
    let pure = Set(layers.flatMap { $0 }.filter(\.isPure).map(\.name))
    let words =
        /\b(SystemRandomNumberGenerator|ContinuousClock|SuspendingClock|Task|CommandLine|readLine|print|debugPrint)\b/
    let draws = /\.(random|randomElement|shuffled|shuffle)\((?![^()]*using:)/
    return files.filter { pure.contains($0.target) }.flatMap { file in
        file.code.matches(of: words).map { "\(file.path):\(file.line(of: $0.range.lowerBound)): \($0.output.1)" }
            + file.code.matches(of: draws).map {
                "\(file.path):\(file.line(of: $0.range.lowerBound)): \($0.output.1) draws from the system"
            }
    }
}
