// SPDX-License-Identifier: Apache-2.0
//
// Random bytes that tests can choose.

/// Gives random bytes: what identifies a recording.
public protocol RandomSource: Sendable {
  func bytes(count: Int) -> [UInt8]
}

/// The system's generator.
public struct SystemRandomSource: RandomSource {
  public init() {}

  public func bytes(count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
