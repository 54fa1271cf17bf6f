// SPDX-License-Identifier: Apache-2.0
//
// The digests as lines, for `digests.tsv` and to be compared with it.

import Foundation
import InputTapeDigests

/// `itape-digests` prints all lines; `trace NAME` prints the steps of one, so that the first that
/// differs between two builds can be found; `times` prints what each takes.
@main enum DigestProcess {
  static func main() throws {
    let arguments = CommandLine.arguments
    let cases = try DigestCase.all()
    if arguments.count == 3, arguments[1] == "trace" {
      for one in cases where one.name == arguments[2] {
        _ = one.digest { step, digest in print(hexadecimal(digest), step) }
      }
    } else if arguments.count == 2, arguments[1] == "times" {
      for one in cases {
        let time = ContinuousClock().measure { _ = one.digest() }
        print(one.name, time / .milliseconds(1), separator: "\t")
      }
    } else {
      print("libraries", "-", DigestCase.libraryVersions, separator: "\t")
      for one in cases {
        print(one.name, one.dependence.rawValue, hexadecimal(one.digest()), separator: "\t")
      }
    }
  }

  private static func hexadecimal(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
