// SPDX-License-Identifier: Apache-2.0
//
// Two results of `itape bench --json`, figure by figure.

import FoundationEssentials
import InputTapeInterchange

enum BenchComparison {
  /// A value of any result, of this version or another.
  private enum Value: Decodable {
    case number(Double)
    case object([String: Value])
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let object = try? container.decode([String: Value].self) {
        self = .object(object)
      } else {
        self = .other
      }
    }

    /// Numbers by their path.
    func numbers(_ path: String = "") -> [String: Double] {
      switch self {
      case .number(let number): [path: number]
      case .object(let values):
        values.reduce(into: [:]) { all, entry in
          let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
          all.merge(entry.value.numbers(name)) { first, _ in first }
        }
      case .other: [:]
      }
    }
  }

  private static func read(_ name: String) throws -> [String: Double] {
    do {
      let input = try FileInput(path: name)
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while bytes.count < 1 << 20 {
        let count = try input.read(into: &piece, at: 0)
        if count == 0 { break }
        bytes.append(contentsOf: piece[..<count])
      }
      return try JSONDecoder().decode(Value.self, from: Data(bytes)).numbers()
    } catch is DecodingError {
      throw CommandFailure(code: CommandFailure.data, "\(name): not a result of bench --json")
    } catch {
      throw CommandFailure(error, in: name)
    }
  }

  /// A line for each figure that both have: the first's, the second's, and their ratio.
  static func text(_ first: String, _ second: String) throws -> String {
    let left = try read(first)
    let right = try read(second)
    var lines = [TerminalText.escape("figure: \(first), \(second), second / first")]
    for (name, value) in left.sorted(by: { $0.key < $1.key }) {
      guard let other = right[name] else { continue }
      let ratio = value == 0 ? "-" : InfoCommand.decimals(other / value)
      lines.append(
        TerminalText.escape(
          "\(name): \(InfoCommand.decimals(value)), \(InfoCommand.decimals(other)), \(ratio)"))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
