// SPDX-License-Identifier: Apache-2.0
//
// The version of the format that this library writes (Specs/Format.md, section 3).

/// The version of the format that this library writes.
public enum FormatVersion {
  /// Readers refuse another major version.
  public static let major: UInt16 = 1
  /// Readers read any minor version.
  public static let minor: UInt16 = 0

  /// As in `1.0`.
  public static var text: String { "\(major).\(minor)" }
}
