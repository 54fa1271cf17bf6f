// SPDX-License-Identifier: Apache-2.0
//
// How the events of one kind of a section are modelled (Specs/Adaptive.md, section 5).

/// A kind of a section, and where its fields stand in a row of values.
struct AdaptiveKind {
  /// What is modelled together.
  enum Shape {
    case position, velocity, key, touch, plain
  }

  var kind: EventKind
  var layout: KindLayout
  /// Where the statistics of the kind's columns begin.
  var firstColumn: Int

  /// The number of values in a row.
  var width: Int { layout.int32 + layout.int64 + layout.strings }

  var shape: Shape {
    switch kind {
    case .motion, .pen: .position
    case .rawMotion: .velocity
    case .key, .button: .key
    case .touch: .touch
    default: .plain
    }
  }
}
