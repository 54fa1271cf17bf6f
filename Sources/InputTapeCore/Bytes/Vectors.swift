// SPDX-License-Identifier: Apache-2.0
//
// Which of a loop's forms a processor runs (Specs/Design/0004-models.md). All give the same bytes.
//
// Invariant: a form that needs wide vectors is called only where a processor has them.

import CInputTapePlatform

/// The vectors that a loop is written for.
enum Vectors: itape_vectors, CaseIterable {
  /// Those of any processor.
  case usual = 0
  /// 256 bits (AVX2).
  case of256 = 256
  /// 512 bits (AVX-512).
  case of512 = 512

  /// The widest of this processor.
  static let best: Vectors =
    if itape_has_widest_vectors() {
      .of512
    } else {
      itape_has_wide_vectors() ? .of256 : .usual
    }

  var areWide: Bool { self != .usual }

  /// Whether this processor has them.
  var areThere: Bool {
    switch self {
    case .usual: true
    case .of256: Self.best.areWide
    case .of512: Self.best == .of512
    }
  }
}
