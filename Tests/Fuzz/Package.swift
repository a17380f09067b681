// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

// What is fuzzed, built with libFuzzer and the sanitizers, SwiftNIO included: a package of its own, so that neither gets
// into the real one. The sources are those of the real one; Tests/Fuzz/run builds and runs it.

import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
let otlp = swift + [.enableExperimentalFeature("Lifetimes")]

// What a target expects has its message, in a release build too.
let explained: [SwiftSetting] = [.unsafeFlags(["-assert-config", "Debug"])]
// gold gives up on what the sanitizers add.
let linker: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"])]

let nio: [Target.Dependency] = [
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]

let package = Package(
  name: "swerve-fuzz",
  products: [
    .executable(name: "fuzz-otlp", targets: ["fuzz-otlp"]),
    .executable(name: "fuzz-transport", targets: ["fuzz-transport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .executableTarget(
      name: "fuzz-otlp", dependencies: ["FuzzDriver", "OTLPEntries"], swiftSettings: swift, linkerSettings: linker),
    .executableTarget(
      name: "fuzz-transport", dependencies: ["FuzzDriver", "TransportEntries"], swiftSettings: swift,
      linkerSettings: linker),

    .target(name: "OTLPEntries", dependencies: ["OTLP"], swiftSettings: otlp + explained),
    .target(
      name: "TransportEntries",
      dependencies: ["Transport", .product(name: "NIOEmbedded", package: "swift-nio")] + nio,
      swiftSettings: swift + explained),

    .target(name: "FuzzDriver", dependencies: ["CFuzzer"], swiftSettings: swift),
    .systemLibrary(name: "CFuzzer"),

    // As in the real package.
    .target(name: "OTLP", dependencies: ["COTLP"], swiftSettings: otlp),
    .target(
      name: "COTLP", dependencies: ["CProtobufC"], exclude: ["generate", "generated/README.md", "generator"],
      cSettings: [.headerSearchPath("generated")]),
    .systemLibrary(name: "CProtobufC", pkgConfig: "libprotobuf-c"),
    .target(
      name: "Transport",
      dependencies: [
        "CNghttp2", "COpenSSL", "CZlib",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ] + nio,
      swiftSettings: swift + [.unsafeFlags(["-enable-testing"])]),
    .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libssl"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu17
)
