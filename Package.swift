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

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
        swiftSettings: settings)
}

let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
    name: "tideway",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "tideway", targets: ["tideway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Pure: no input or output, no clock, no system randomness (docs/architecture.md).
        library("Sampling", [realModule]),
        library("Prometheus"),
        library("Fleet"),
        library("Traces", ["Fleet", "Sampling", realModule]),
        library("Performance", ["Fleet", realModule]),
        library("Forecasting", ["Fleet", realModule]),
        library("Routing", ["Sampling"]),
        library("Control", ["Fleet"]),
        library("Capacity", ["Fleet", "Performance", "Routing", realModule]),
        library("Policies", ["Fleet", "Control", "Forecasting", "Performance", realModule]),
        library("Simulation", ["Fleet", "Sampling", "Traces", "Performance", "Routing", "Control", realModule]),
        library(
            "Backtest",
            [
                "Fleet", "Sampling", "Traces", "Performance", "Routing", "Control", "Policies", "Simulation",
                "Capacity",
                realModule,
            ]),
        // Shells and adapters.
        library("Configuration", ["Fleet", "Policies", yams]),
        library("Link", ["Fleet", "Control"] + nio),
        library("Runtime", ["Fleet", "Control", "Link", logging]),
        library("Processes", ["Fleet", "Control", "Configuration", "Runtime", logging]),
        library("Emulator", ["Fleet", "Sampling", "Performance", "Prometheus"] + nio),
        library("Gateway", ["Fleet", "Routing", "Configuration", "Link", "Prometheus", logging] + nio),
        library("Load", ["Fleet", "Traces", histogram] + nio),
        library(
            "Assembly",
            [
                "Fleet", "Control", "Policies", "Performance", "Profiles", "Backtest", "Simulation", "Configuration",
                "Link", "Runtime", "Processes", "Gateway", "Emulator", "Load", "Traces", "Routing", logging, lifecycle,
                signals,
            ] + nio),
        library(
            "Reports", ["Fleet", "Control", "Performance", "Policies", "Routing", "Simulation", "Backtest"],
            resources: [
                .embedInCode("Resources/page.html"), .embedInCode("Resources/page.js"),
                .embedInCode("Resources/report.html"), .embedInCode("Resources/report.css"),
                .embedInCode("Resources/report.js"), .embedInCode("Resources/forecast.html"),
                .embedInCode("Resources/forecast.js"), .embedInCode("Resources/tuning.html"),
                .embedInCode("Resources/tuning.js"), .embedInCode("Resources/uPlot.min.css"),
                .embedInCode("Resources/uPlot.iife.min.js"), .embedInCode("Resources/uPlot-LICENSE.txt"),
            ]),
        .systemLibrary(name: "CZlib"),
        library("TraceFiles", ["Traces", "CZlib"]),
        library("Profiles", ["Fleet", "Performance", "CZlib"], resources: [.embedInCode("Resources/profiles.json")]),
        .executableTarget(
            name: "tideway",
            dependencies: [
                "Fleet", "Sampling", "Traces", "TraceFiles", "Performance", "Profiles", "Forecasting", "Routing",
                "Policies",
                "Simulation", "Backtest", "Reports", "Configuration", "Link", "Emulator", "Load", "Assembly",
                "Capacity",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        tests("Sampling"),
        tests("Prometheus"),
        tests("Fleet"),
        tests("Traces", ["Sampling"]),
        tests("Performance", ["Fleet", "Sampling"]),
        tests("Forecasting", ["Fleet", "Sampling", realModule]),
        tests("Routing", ["Fleet", "Sampling"]),
        tests("Control", ["Fleet"]),
        tests("Capacity", ["Fleet", "Performance", "Routing"]),
        tests("Policies", ["Fleet", "Sampling", "Control", "Performance", "Forecasting"]),
        tests(
            "Simulation",
            [
                "Fleet", "Sampling", "Traces", "TraceFiles", "Performance", "Profiles", "Routing", "Control",
                "Policies", "Runtime", "Link",
            ]),
        tests("Backtest", ["Fleet", "Sampling", "Traces", "Performance", "Routing", "Policies", "Simulation"]),
        tests(
            "Reports",
            ["Fleet", "Sampling", "Control", "Policies", "Routing", "Simulation", "Backtest", realModule]),
        tests("TraceFiles", ["Traces", "Sampling"]),
        tests("Profiles", ["Fleet", "Performance"]),
        tests("Configuration", ["Fleet", "Policies"]),
        tests("Link", ["Fleet"] + nio),
        tests("Runtime", ["Fleet", "Sampling", "Control", "Link", logging]),
        tests("Processes", ["Fleet", "Control", "Configuration", "Runtime"]),
        tests("Emulator", ["Fleet", "Performance", "Profiles"] + nio, exclude: ["openai_client.py"]),
        tests(
            "Gateway", ["Fleet", "Routing", "Configuration", "Link", "Emulator", "Performance", "Profiles"] + nio,
            exclude: ["gateway_client.py"]),
        tests("Load", ["Fleet", "Traces"] + nio),
        tests(
            "Assembly",
            [
                "Fleet", "Control", "Configuration", "Performance", "Policies", "Link", "Runtime", "Gateway",
                "Processes",
            ]),
        .testTarget(name: "TidyTests", exclude: ["long-functions.txt"], swiftSettings: settings),
        // Runs `tideway up` with real replicas under load.
        .testTarget(
            name: "LiveTests", dependencies: ["tideway", "Fleet", "Link", "Load", "Traces"], swiftSettings: settings),
        // Starts the engines of examples/ as their configurations do.
        .testTarget(name: "ExampleTests", dependencies: ["tideway"], swiftSettings: settings),
        // Runs the built program as a user does.
        .testTarget(
            name: "CommandTests", dependencies: ["tideway", "Fleet", "Link", "Load", "Profiles", "Traces"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
