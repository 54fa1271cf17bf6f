// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// Fuzz targets: one executable for each entry point, public API only.
//
// Build with `swift build --package-path Fuzz -c release --sanitize fuzzer --sanitize address`; the
// flags bring the main function. `make fuzz` builds and runs each target for a while.

import PackageDescription

/// One fuzz target.
func fuzzTarget(_ name: String, uses product: String = "InputTape") -> Target {
  .executableTarget(
    name: name,
    dependencies: [.product(name: product, package: "InputTape")],
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "InputTapeFuzz",
  dependencies: [.package(name: "InputTape", path: "..")],
  targets: [
    fuzzTarget("FuzzBatch"),
    fuzzTarget("FuzzJSONL", uses: "InputTapeInterchange"),
    fuzzTarget("FuzzReader"),
  ]
)
