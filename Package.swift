// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of our own: its tests lie in `Tests/<name>Tests`.
func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, resources: resources,
        swiftSettings: settings)
}

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let package = Package(
    name: "tideway",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "tideway", targets: ["tideway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    ],
    targets: [
        // Pure: no input or output, no clock, no system randomness (docs/architecture.md).
        library("Sampling", [realModule]),
        library("Fleet"),
        library("Traces", ["Fleet", "Sampling", realModule]),
        library("Performance", ["Fleet", realModule]),
        library("Forecasting", ["Fleet", realModule]),
        library("Routing", ["Sampling"]),
        library("Control", ["Fleet"]),
        library("Policies", ["Fleet", "Control", "Forecasting", "Performance", realModule]),
        library("Simulation", ["Fleet", "Sampling", "Traces", "Performance", "Routing", "Control", realModule]),
        library("Backtest", ["Fleet", "Sampling", "Traces", "Performance", "Control", "Policies", "Simulation"]),
        // Shells and adapters.
        library("Runtime", ["Fleet", "Control"]),
        library(
            "Reports", ["Fleet", "Control", "Performance", "Simulation", "Backtest"],
            resources: [
                .embedInCode("Resources/report.html"), .embedInCode("Resources/report.css"),
                .embedInCode("Resources/report.js"), .embedInCode("Resources/uPlot.min.css"),
                .embedInCode("Resources/uPlot.iife.min.js"), .embedInCode("Resources/uPlot-LICENSE.txt"),
            ]),
        .systemLibrary(name: "CZlib"),
        library("TraceFiles", ["Traces", "CZlib"]),
        library("Profiles", ["Fleet", "Performance", "CZlib"], resources: [.embedInCode("Resources/profiles.json")]),
        .executableTarget(
            name: "tideway",
            dependencies: [
                "Fleet", "Sampling", "Traces", "TraceFiles", "Performance", "Profiles", "Routing", "Policies",
                "Simulation",
                "Backtest",
                "Reports", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        tests("Sampling"),
        tests("Fleet"),
        tests("Traces", ["Sampling"]),
        tests("Performance", ["Fleet", "Sampling"]),
        tests("Routing", ["Fleet", "Sampling"]),
        tests("Control", ["Fleet"]),
        tests("Policies", ["Fleet", "Control", "Performance", "Forecasting"]),
        tests(
            "Simulation",
            [
                "Fleet", "Sampling", "Traces", "TraceFiles", "Performance", "Profiles", "Routing", "Control",
                "Policies",
                "Runtime",
            ]),
        tests("Backtest", ["Fleet", "Sampling", "Traces", "Performance", "Policies", "Simulation"]),
        tests("Reports", ["Fleet", "Sampling", "Control", "Simulation", "Backtest", realModule]),
        tests("TraceFiles", ["Traces", "Sampling"]),
        tests("Profiles", ["Fleet", "Performance"]),
        .testTarget(name: "TidyTests", exclude: ["long-functions.txt"], swiftSettings: settings),
        // Runs the built program as a user does.
        .testTarget(name: "CommandTests", dependencies: ["tideway"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
