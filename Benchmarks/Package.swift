// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// Benchmarks, as any user of the products would write them: a package of its own.

import PackageDescription

/// One benchmark.
func benchmark(_ name: String, uses products: [String] = ["InputTape"]) -> Target {
  .executableTarget(
    name: name,
    dependencies: products.map { .product(name: $0, package: "InputTape") },
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "InputTapeBenchmarks",
  dependencies: [.package(name: "InputTape", path: "..")],
  targets: [
    benchmark("BenchBatch"), benchmark("BenchAppend"),
    benchmark("BenchFile", uses: ["InputTape", "InputTapeInterchange"]),
  ]
)
