// SPDX-License-Identifier: Apache-2.0
//
// What is done with arbitrary bytes: by the fuzz targets of Fuzz/, and by tests that replay their
// seeds and their finds.

/// Does something with arbitrary bytes, and traps where a promise is broken.
///
/// Owns its memory: one thread at a time.
public protocol Probe: AnyObject {
  init()

  /// - Returns: whether the bytes were accepted as what they should be.
  @discardableResult
  func run(_ bytes: [UInt8]) -> Bool
}

/// Every probe, under the name of its fuzz target.
public enum Probes {
  public static let all: [(name: String, make: @Sendable () -> any Probe)] = [
    ("FuzzAdaptive", { AdaptiveProbe() }),
    ("FuzzBatch", { BatchProbe() }),
    ("FuzzCSV", { CSVProbe() }),
    ("FuzzColumns", { ColumnProbe() }),
    ("FuzzEvdev", { EvdevProbe() }),
    ("FuzzEvemu", { EvemuProbe() }),
    ("FuzzHeaders", { HeaderProbe() }),
    ("FuzzHeld", { HeldProbe() }),
    ("FuzzIndex", { IndexProbe() }),
    ("FuzzJSONL", { JSONLProbe() }),
    ("FuzzLibinput", { LibinputProbe() }),
    ("FuzzModels", { ModelProbe() }),
    ("FuzzOWAMcap", { OWAMcapProbe() }),
    ("FuzzPairs", { PairProbe() }),
    ("FuzzReader", { ReaderProbe() }),
    ("FuzzRecover", { RecoverProbe() }),
    ("FuzzSection", { SectionProbe() }),
    ("FuzzTerminal", { TerminalProbe() }),
    ("FuzzTimes", { TimeProbe() }),
    ("FuzzWriter", { WriterProbe() }),
  ]
}
