// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// Fuzz targets: one executable for each entry point. What they do is in Tests/InputTapeProbes, so
// that tests can replay it without a fuzzer.
//
// Built by Scripts/fuzz.sh with `--sanitize fuzzer`, which brings the main function.

import PackageDescription

/// One fuzz target.
func fuzzTarget(_ name: String, and more: [Target.Dependency] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: [.product(name: "InputTapeProbes", package: "InputTape")] + more,
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "InputTapeFuzz",
  dependencies: [.package(name: "InputTape", path: "..")],
  targets: [
    .target(name: "CFuzzer"),
    .target(
      name: "MendingMutator",
      dependencies: ["CFuzzer", .product(name: "InputTapeProbes", package: "InputTape")],
      swiftSettings: [.treatAllWarnings(as: .error)]),
    fuzzTarget("FuzzAdaptive"),
    fuzzTarget("FuzzBatch"),
    fuzzTarget("FuzzCSV"),
    fuzzTarget("FuzzColumns"),
    fuzzTarget("FuzzEvdev"),
    fuzzTarget("FuzzEvemu"),
    fuzzTarget("FuzzHeaders"),
    fuzzTarget("FuzzHeld"),
    fuzzTarget("FuzzIndex"),
    fuzzTarget("FuzzJSONL"),
    fuzzTarget("FuzzLibinput"),
    fuzzTarget("FuzzModels"),
    fuzzTarget("FuzzOWAMcap"),
    fuzzTarget("FuzzPairs"),
    fuzzTarget("FuzzReader", and: ["MendingMutator"]),
    fuzzTarget("FuzzRecover", and: ["MendingMutator"]),
    fuzzTarget("FuzzSection"),
    fuzzTarget("FuzzTerminal"),
    fuzzTarget("FuzzTimes"),
    fuzzTarget("FuzzWriter"),
  ]
)
