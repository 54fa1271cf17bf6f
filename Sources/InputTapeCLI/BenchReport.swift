// SPDX-License-Identifier: Apache-2.0
//
// The result of `itape bench`: for programs, and for people with each figure beside its bound.

/// What was measured.
struct BenchReport {
  var source = ""
  var isCut = false
  var events = 0
  var measuredEvents = 0
  var preset = ""
  var threads = 1
  /// What time rates are of: the processor's or the wall's.
  var clock = "processor"
  var blockEvents = 0
  var bytesPerEvent = 0.0
  var zstdLevel = 1
  /// Medians by name: events a second, for `seek` nanoseconds.
  var figures: [String: Double] = [:]
  var append = BenchAppendPath()

  private func figure(_ name: String) -> JSONValue {
    figures[name].map { .number($0) } ?? .null
  }

  private func rate(_ name: String) -> JSONValue {
    .object([("eventsPerSecond", figure(name))])
  }

  var json: JSONValue {
    .object([
      ("source", .string(source)), ("synthetic", .bool(source == "synthetic")),
      ("eventCount", .integer(Int64(events))),
      ("measuredEventCount", .integer(Int64(measuredEvents))),
      ("preset", .string(preset)), ("threads", .integer(Int64(threads))),
      ("blockEvents", .integer(Int64(blockEvents))), ("clock", .string(clock)),
      ("bytesPerEvent", .number(bytesPerEvent)),
      ("encode", rate("encode")), ("decode", rate("decode")), ("events", rate("events")),
      (
        "append",
        .object([
          ("p50Nanoseconds", .number(append.p50)), ("p99Nanoseconds", .number(append.p99)),
          ("p999Nanoseconds", .number(append.p999)), ("maxNanoseconds", .number(append.maximum)),
          ("amortisedNanoseconds", .number(append.amortised)),
          ("clockNanoseconds", .number(append.clock)),
          ("allocations", append.allocations.map { .number($0) } ?? .null),
        ])
      ),
      (
        "zstdOnly",
        .object([
          ("encodeEventsPerSecond", figure("zstdEncode")),
          ("decodeEventsPerSecond", figure("zstdDecode")), ("level", .integer(Int64(zstdLevel))),
        ])
      ),
      (
        "oneThread",
        .object([
          ("encodeEventsPerSecond", figure("oneThreadEncode")),
          ("decodeEventsPerSecond", figure("oneThreadDecode")),
        ])
      ),
      ("memcpy", rate("memcpy")), ("projection", rate("projection")),
      ("seek", .object([("p50Nanoseconds", figure("seek"))])),
      (
        "convert",
        .object([
          ("fromJSONLEventsPerSecond", figure("fromJSONL")),
          ("toJSONLEventsPerSecond", figure("toJSONL")),
        ])
      ),
    ])
  }

  // MARK: - For people

  var text: String {
    let kind = source == "synthetic" ? "synthetic events: sizes say nothing of real ones" : source
    let cut = isCut ? " (the first of the file)" : ""
    let allocations = append.allocations.map { InfoCommand.decimals($0) } ?? "not counted"
    return """
      \(kind)
      \(events) events\(cut), measured with \(measuredEvents); \(preset), \(threads) threads, \
      blocks of \(blockEvents); \(clock) time

        bytes an event     \(InfoCommand.decimals(bytesPerEvent))
      \(line("encode", "encode", "zstdEncode", "of zstd alone at level \(zstdLevel)"))
      \(line("decode to columns", "decode", "zstdDecode", "of zstd alone"))
      \(line("decode to events", "events", "decode", "of columns"))
      \(threads > 1 ? oneThread : "")\(line("copy of columns", "memcpy", nil, ""))
      \(line("decode, of a copy", "decode", "memcpy", "of memcpy"))
      \(line("one track", "projection", "decode", "of all tracks' speed"))
      \(line("from JSON lines", "fromJSONL", "encode", "of encoding"))
      \(line("to JSON lines", "toJSONL", "events", "of decoding to events"))
        seek               \(InfoCommand.decimals((figures["seek"] ?? 0) / 1e3)) µs to open and \
      read 1 s
        append             p50 \(append.p50) ns, p99 \(append.p99), p99.9 \(append.p999), \
      max \(append.maximum); in a row \(InfoCommand.decimals(append.amortised)) ns
        allocations        \(allocations) an event

      """
  }

  /// All threads beside one, in the same run by the same clock.
  private var oneThread: String {
    let encoding = percentage("encode", of: "oneThreadEncode") ?? "-"
    let decoding = percentage("decode", of: "oneThreadDecode") ?? "-"
    return "  of one thread      encoding \(encoding), decoding \(decoding)\n"
  }

  private func line(_ label: String, _ name: String, _ bound: String?, _ words: String) -> String {
    let padding = String(repeating: " ", count: max(19 - label.count, 1))
    guard let value = figures[name] else { return "  \(label)\(padding)-" }
    var text = "  \(label)\(padding)\(InfoCommand.decimals(value / 1e6)) million events/s"
    if let bound, let part = percentage(name, of: bound) { text += ", \(part) \(words)" }
    return text
  }

  private func percentage(_ name: String, of bound: String) -> String? {
    guard let value = figures[name], let limit = figures[bound], limit > 0 else { return nil }
    return "\(Int((100 * value / limit).rounded())) %"
  }
}
