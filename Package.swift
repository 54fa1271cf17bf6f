// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// Targets, products and the import order of Sources/README.md.

import PackageDescription

/// Every Swift target is built with warnings as errors and explicit existentials.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "InputTape",
  products: [
    .library(name: "InputTapeCore", targets: ["InputTapeCore"]),
    .library(name: "InputTape", targets: ["InputTape"]),
    .library(name: "InputTapeCapture", targets: ["InputTapeCapture"]),
    .library(name: "InputTapeInterchange", targets: ["InputTapeInterchange"]),
    .library(name: "InputTapeC", targets: ["InputTapeC"]),
    .library(name: "InputTapeProbes", targets: ["InputTapeProbes"]),  // For Fuzz/ alone.
    .executable(name: "itape", targets: ["InputTapeCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Row 0: C libraries.
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CInputTapePlatform"),
    .target(name: "CInputTapeCount"),
    .target(
      name: "CInputTapeCapture",
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CInputTape"),

    // Row 1: the format core.
    .target(
      name: "InputTapeCore",
      dependencies: ["CZstd", "CZlib", "CInputTapePlatform"],
      swiftSettings: swiftSettings + [.enableExperimentalFeature("Lifetimes")]),

    // Row 2: recordings on disk, and other formats.
    .target(
      name: "InputTape",
      dependencies: ["InputTapeCore", "CInputTapePlatform"],
      swiftSettings: swiftSettings),
    .target(
      name: "InputTapeInterchange",
      dependencies: ["InputTapeCore"],
      swiftSettings: swiftSettings),

    // Row 3: live events, and the contract with C.
    .target(
      name: "InputTapeCapture",
      dependencies: ["InputTape", "InputTapeInterchange", "CInputTapeCapture"],
      swiftSettings: swiftSettings),

    .target(
      name: "InputTapeC",
      dependencies: ["CInputTape", "InputTape"],
      swiftSettings: swiftSettings),

    // Row 4: the command.
    .executableTarget(
      name: "InputTapeCLI",
      dependencies: [
        "InputTape", "InputTapeCapture", "InputTapeInterchange", "CInputTapeCount",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // The example in Swift; the others are built by InputTapeCTests.
    .executableTarget(
      name: "ExampleAgent", dependencies: ["InputTape"], path: "Examples/Swift",
      swiftSettings: swiftSettings),

    // Tests.
    .target(
      name: "InputTapeTestKit",
      dependencies: ["InputTape", "InputTapeInterchange"],
      path: "Tests/InputTapeTestKit",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "itape-writer-process",  // Is killed by tests.
      dependencies: ["InputTape", "InputTapeTestKit"],
      path: "Tests/InputTapeWriterProcess",
      swiftSettings: swiftSettings),
    .target(
      name: "InputTapeProbes",
      dependencies: ["InputTape", "InputTapeInterchange"],
      path: "Tests/InputTapeProbes",
      swiftSettings: swiftSettings),
    .target(
      name: "InputTapeDigests",
      dependencies: ["InputTape", "InputTapeProbes", "InputTapeTestKit"],
      path: "Tests/InputTapeDigests", exclude: ["digests.tsv"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "itape-digests", dependencies: ["InputTapeDigests"],
      path: "Tests/InputTapeDigestProcess",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeProbeTests",
      dependencies: ["InputTape", "InputTapeProbes", "InputTapeTestKit"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeCoreTests",
      dependencies: ["InputTapeCore", "InputTapeTestKit"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeTests",
      dependencies: ["InputTape", "InputTapeTestKit"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeInterchangeTests",
      dependencies: ["InputTapeInterchange", "InputTapeTestKit"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeCaptureTests",
      dependencies: [
        "InputTapeCapture", "InputTape", "InputTapeTestKit", "CInputTapeCapture", "CInputTapeCount",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeCLITests",
      dependencies: [
        "InputTapeCLI", "InputTape", "InputTapeInterchange", "InputTapeTestKit", "InputTapeProbes",
        "itape-writer-process", "itape-digests",
      ],
      exclude: ["Programs"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InputTapeCTests", dependencies: ["ExampleAgent"], exclude: ["Programs", "abi.txt"],
      swiftSettings: swiftSettings),
    .testTarget(name: "TidyTests", swiftSettings: swiftSettings),
  ]
)
