// SPDX-License-Identifier: Apache-2.0
//
// What a writer may be told.

/// How a recording is written.
public struct WriterOptions: Hashable, Sendable {
  public var encoding = EncodingSettings()
  /// A block is cut at this many events: 1 to `Limits.eventsPerBlock`.
  public var eventsPerBlock = Limits.eventsPerBlock
  /// How long an event may wait before it survives the process's end by `kill -9`, in nanoseconds;
  /// nil writes full blocks only, and no second thread is started for it.
  public var flushIntervalNanoseconds: Int64?
  /// How long an event may wait before it survives a loss of power, in nanoseconds; nil leaves that
  /// to `sync()`. Counts only with a flush interval.
  public var syncIntervalNanoseconds: Int64? = 5_000_000_000
  /// A segment that has reached so many bytes is closed, and the recording goes on in another file;
  /// nil for one file. Counts for writers that were given a path.
  public var segmentByteLimit: UInt64?
  /// A segment of this age is closed and followed by another, as soon as there is an event for it.
  public var segmentAgeNanoseconds: Int64?
  /// Blocks encoded at once: 1 or more.
  public var threads = 1
  /// What happens when events come faster than they can be encoded.
  public var overload = Overload.wait
  /// Whether `finish()` writes a recording of small blocks anew, as if it had been written at once.
  public var reblocksAtEnd = true
  /// Bytes that identify the recording; nil for random ones.
  public var recordingID: RecordingID?
  /// The preset of blocks that are written while recording and will be written anew by `finish()`;
  /// nil for the same as in the end.
  public var livePreset: Preset?

  /// What happens when the queue is full.
  @nonexhaustive
  public enum Overload: Hashable, Sendable {
    /// The caller waits until there is room.
    case wait
    /// The newest event is dropped and counted; a gap says so in the recording.
    case drop
  }

  /// Whether files may be overwritten.
  var isReplacing = false
  /// Whether all of it is read from somewhere else: if it fails it is begun again, not continued.
  var isWholeCopy = false
  /// Whether encoding a full block and decoding what it holds take memory one after the other, made
  /// anew each time: at the end of a recorder that runs all day, and not in a conversion.
  var isSparing = false
  /// Whether another segment follows the one that is written.
  var isContinued = false
  /// Whether more than one file may come of a recording that is given a path.
  var mayHaveSegments: Bool {
    isLive || segmentByteLimit != nil || segmentAgeNanoseconds != nil
  }

  /// Whether what is appended gets into the file soon, even if nobody asks.
  package var isLive: Bool { flushIntervalNanoseconds != nil }

  /// How blocks are encoded: those of a live recording may be written anew when it is finished.
  var blockSettings: EncodingSettings {
    var settings = encoding
    if isLive, let livePreset { settings.preset = livePreset }
    return settings
  }

  /// The same for a copy of what is closed: one file, written as fast as it can be.
  var forWholeCopy: WriterOptions {
    var options = self
    options.flushIntervalNanoseconds = nil
    options.segmentByteLimit = nil
    options.segmentAgeNanoseconds = nil
    options.reblocksAtEnd = false
    options.isReplacing = true
    options.isWholeCopy = true
    return options
  }

  /// Words of a live recording's own queue, a power of two: 2 MiB. Who brings other queues needs
  /// less, and so do others, which get an eighth of a MiB at most.
  package var queueWordCount = 1 << 18

  public init() {}
}
