// SPDX-License-Identifier: Apache-2.0
//
// How the events of one kind of a section are modelled (Specs/Adaptive.md, section 5).

/// A kind of a section, and where its fields stand in a row of values.
struct AdaptiveKind {
  /// What is modelled together.
  enum Shape {
    case position, velocity, key, touch, plain
  }

  let kind: EventKind
  let layout: KindLayout
  let shape: Shape
  /// Where the statistics of the kind's columns begin.
  var firstColumn = 0
  /// The number of values in a row.
  let width: Int
  /// What an event's columns take in memory, but for the bytes of strings.
  let byteCount: Int

  init(_ kind: EventKind, _ layout: KindLayout) {
    self.kind = kind
    self.layout = layout
    shape =
      switch kind {
      case .motion, .pen: .position
      case .rawMotion: .velocity
      case .key, .button: .key
      case .touch: .touch
      default: .plain
      }
    width = layout.int32 + layout.int64 + layout.strings
    byteCount = 4 * layout.int32 + 8 * layout.int64 + 4 * layout.strings
  }
}
