// SPDX-License-Identifier: Apache-2.0
//
// Sections whose last byte is the last that may be read: behind it is memory that ends the process.

import InputTape
import InputTapeCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What decoders make of sections, whole and cut, at the end of a page.
enum GuardedCases {
  static var all: [DigestCase] {
    MadeBatch.allCases.map { made in
      DigestCase("guarded/\(made)", dependence: .libraries) { seen in
        let (encoder, decoder, page) = (SectionEncoder(), SectionDecoder(), GuardedPage())
        for count in [3, 90, 700, 1_700] {
          for preset in [Preset.fast, .balanced] {
            for compression in [Compression.none, .zstd(level: nil)] {
              var bytes: [UInt8] = []
              let form = encoder.encode(
                made.make(count, seed: UInt64(count)),
                settings: EncodingSettings(preset: preset, compression: compression), into: &bytes)
              for cut in 0..<min(bytes.count, 24) {
                // At the end, and further in by and by.
                let end = bytes.count - (cut < 12 ? cut : cut * bytes.count / 25)
                page.withBytes(bytes[..<end]) { span in
                  var batch = EventBatch(track: MadeBatch.track)
                  do throws(FormatError) {
                    try decoder.decode(
                      span, form: form, eventCount: count, firstTime: 1_000, kinds: .all, at: 0,
                      into: &batch)
                    seen.add(batch)
                  } catch {
                    seen.add(error)
                  }
                }
              }
            }
          }
          seen.mark("\(count)")
        }
      }
    }
  }
}

/// Memory with a page behind it that nobody may touch.
private final class GuardedPage {
  private static let byteCount = 1 << 20
  private let memory: UnsafeMutableRawPointer

  init() {
    let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))
    let mapped = mmap(
      nil, Self.byteCount + pageByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let mapped, mapped != MAP_FAILED,
      mprotect(mapped + Self.byteCount, pageByteCount, PROT_NONE) == 0
    else { preconditionFailure("Memory with a guard behind it") }
    memory = mapped
  }

  deinit { munmap(memory, Self.byteCount) }

  /// Lets bytes stand right before the guard.
  func withBytes(_ bytes: ArraySlice<UInt8>, _ body: (Span<UInt8>) -> Void) {
    precondition(bytes.count <= Self.byteCount, "A section of a megabyte at most")
    let start = memory + (Self.byteCount - bytes.count)
    bytes.withUnsafeBytes { source in
      if let first = source.baseAddress { start.copyMemory(from: first, byteCount: source.count) }
    }
    let buffer = UnsafeRawBufferPointer(start: start, count: bytes.count)
    body(buffer.bindMemory(to: UInt8.self).span)
  }
}
