// SPDX-License-Identifier: Apache-2.0
//
// What a writer may choose about the encoding of sections.

/// How much work the encoder spends on a section.
@frozen
public enum Preset: String, Hashable, Sendable, CaseIterable {
  /// The quickest encoding that is still small: few choices, and codes without contexts.
  case fast
  /// The default: small and quick.
  case balanced
  /// The smallest: the adaptive coder of Specs/Adaptive.md, but for sections that are mostly text.
  case compact
}

/// How the tokens of a section are compressed.
@frozen
public enum Compression: Hashable, Sendable {
  case none
  /// Zstandard (RFC 8878), at a level or at the preset's own settings.
  case zstd(level: Int?)
  /// DEFLATE (RFC 1951), at a level or at the preset's own.
  case deflate(level: Int?)
}

/// What a writer may choose about the encoding of sections.
///
/// The same events and settings give the same bytes.
public struct EncodingSettings: Hashable, Sendable {
  public var preset: Preset
  /// Zstandard leaves the choice of another coder to the preset; the others do not.
  public var compression: Compression

  public init(preset: Preset = .balanced, compression: Compression = .zstd(level: nil)) {
    self.preset = preset
    self.compression = compression
  }
}
