// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// `SWERVE_CANARIES=1 swift build` builds the core with deliberate mistakes (bpf/core/canary.h): `make canary` only.
let canaries: [CSetting] = Context.environment["SWERVE_CANARIES"] == nil ? [] : [.define("SWERVE_CANARIES")]

let package = Package(
  name: "swerve",
  products: [
    .executable(name: "swerve", targets: ["swerve"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // (5) The command line.
    .executableTarget(
      name: "swerve",
      dependencies: [
        "Agent", "Dataplane", "Discovery", "Policy", "Relay", "Simulator", "SwerveABI", "SwerveCore", "Telemetry",
        "Testbed",
        "Transport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),

    // (4) The daemon; and real peers, clients, cgroups and namespaces for demos, benchmarks and kernel tests.
    .target(
      name: "Agent",
      dependencies: [
        "CMalloc", "Dataplane", "Discovery", "Policy", "SwerveABI", "SwerveCore",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift),
    .target(
      name: "Testbed",
      dependencies: [
        "Dataplane", "Policy", "Simulator",
        "CTestbed",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: swift),

    .target(name: "CTestbed"),

    // (3) Where endpoints come from; what carries requests; and the same decisions without a kernel.
    .target(
      name: "Discovery",
      dependencies: ["CMalloc", "Policy"],
      swiftSettings: swift),

    .target(
      name: "Relay",
      dependencies: [
        "CDataplane", "CEpoll", "CMalloc", "CRelay", "Dataplane", "SwerveABI", "SwerveCore",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),

    .target(
      name: "Telemetry",
      dependencies: [
        "CMalloc", "CZlib", "OTLP", "Policy", "Transport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),

    .target(
      name: "Simulator",
      dependencies: ["Policy", "SwerveABI", "SwerveCore"],
      path: "simulator", exclude: ["README.md", "scenarios"],
      // A third of the time went into checks of exclusive access at run time; debug builds have them, and run the tests.
      swiftSettings: swift + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]),

    // Whether the simulator finds what is wrong with a core that is.
    .executableTarget(name: "SimulatorCanary", dependencies: ["Simulator"], swiftSettings: swift),

    // How fast OTLP's messages are read, written and received.
    .executableTarget(
      name: "otlp-benchmark",
      dependencies: [
        "CMalloc", "OTLP", "Telemetry", "Testbed", "Transport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Sources/OTLPBenchmark", swiftSettings: swift),

    // (2) YAML to validated model to ABI tables; and the only importer of libbpf.
    .target(
      name: "Policy",
      dependencies: ["CYaml", "SwerveABI", "SwerveCore"],
      swiftSettings: swift),
    .target(
      name: "Dataplane",
      dependencies: ["CDataplane", "CLibbpf", "SwerveABI", "SwerveCore"],
      swiftSettings: swift,
      plugins: ["BPFObjects"]),

    // (1) OTLP's messages over libprotobuf-c; the C sources are generated, see Sources/COTLP/generate. Views of messages
    // may not outlive them: the compiler checks it, given the feature Lifetimes.
    .target(
      name: "OTLP", dependencies: ["COTLP"], swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),
    .target(
      name: "COTLP", dependencies: ["CProtobufC"], exclude: ["generate", "generated/README.md", "generator"],
      cSettings: [.headerSearchPath("generated")]),
    .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),

    // (1) HTTP/2, HTTP/1.1 and TLS on SwiftNIO, gRPC on top: what OTLP, Kubernetes and etcd are spoken over.
    .target(
      name: "Transport",
      dependencies: [
        "CNghttp2", "COpenSSL", "CZlib",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: swift),
    .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // (1) The kernel part: ABI, pure decisions, and the programs compiled by the plugin.
    .target(name: "SwerveABI", path: "bpf/abi", publicHeadersPath: "."),
    .target(
      name: "SwerveCore", dependencies: ["SwerveABI"], path: "bpf/core", publicHeadersPath: ".", cSettings: canaries),
    .target(name: "CDataplane", dependencies: ["CLibbpf"]),
    .systemLibrary(
      name: "CLibbpf", pkgConfig: "libbpf", providers: [.apt(["libbpf-dev", "libelf-dev"])]),
    .systemLibrary(name: "CEpoll"),
    .target(name: "CRelay"),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .plugin(name: "BPFObjects", capability: .buildTool(), dependencies: ["EmbedBPF"], path: "Sources/BPFObjects"),
    .executableTarget(name: "EmbedBPF", swiftSettings: swift),

    // What tests of several targets share and only tests can use; everything else of that kind is in the testbed.
    .target(name: "TestSupport", dependencies: ["Testbed"], path: "Tests/TestSupport", swiftSettings: swift),

    .testTarget(name: "CoreTests", dependencies: ["SwerveABI", "SwerveCore"], swiftSettings: swift),
    .testTarget(
      name: "PolicyTests", dependencies: ["Policy", "SwerveABI", "SwerveCore", "Testbed"], exclude: ["Scripts"],
      swiftSettings: swift),
    .testTarget(
      name: "OTLPTests", dependencies: ["COTLP", "OTLP"], exclude: ["Scripts"],
      swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),
    .testTarget(
      name: "TransportTests",
      dependencies: [
        "Testbed", "TestSupport", "Transport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: ["Scripts"], swiftSettings: swift),
    .testTarget(
      name: "TelemetryTests",
      dependencies: [
        "OTLP", "Policy", "Telemetry", "Testbed", "TestSupport", "Transport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      exclude: ["Scripts"], swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),
    .testTarget(name: "DiscoveryTests", dependencies: ["Discovery", "Policy"], swiftSettings: swift),
    .testTarget(name: "DataplaneTests", dependencies: ["Dataplane", "SwerveABI", "Testbed"], swiftSettings: swift),
    .testTarget(
      name: "AgentTests", dependencies: ["Agent", "Discovery", "Policy", "SwerveABI", "Testbed"], swiftSettings: swift),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "Dataplane", "Policy", "Simulator", "swerve", "Testbed",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "RelayTests",
      dependencies: [
        "Dataplane", "Relay", "SwerveABI", "SwerveCore", "Testbed",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swift),
    .testTarget(
      name: "SimulatorTests", dependencies: ["Policy", "Simulator", "SwerveABI", "SwerveCore"], swiftSettings: swift),
    .testTarget(name: "BenchTests", dependencies: ["swerve", "Testbed"], swiftSettings: swift),
    .testTarget(name: "TestbedTests", dependencies: ["Simulator", "Testbed"], swiftSettings: swift),
    .testTarget(
      name: "KernelTests",
      dependencies: [
        "Agent", "CRelay", "Dataplane", "Policy", "Relay", "SwerveABI", "SwerveCore", "Testbed",
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["Scripts"], swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
