// SPDX-License-Identifier: Apache-2.0
//
// Signals that end or pause a recording.

import InputTapeCapture

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What signals reach; made before they are waited for.
enum RecordSignals {
  private static let shared = try? SessionControl()

  /// The control that the signals' handlers use.
  static func control() throws -> SessionControl {
    guard let shared else {
      throw CommandFailure(code: CommandFailure.system, "cannot make a pipe")
    }
    return shared
  }

  /// From now on signals end and pause the session, and nothing else.
  static func install(_ pause: PauseSignal) {
    unblock()
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { _ in RecordSignals.shared?.stop() } }
    switch pause {
    case .usr1: signal(SIGUSR1) { _ in RecordSignals.shared?.togglePause() }
    case .usr2: signal(SIGUSR2) { _ in RecordSignals.shared?.togglePause() }
    case .none: break
    }
  }

  /// Who starts a recorder from a thread of its own may have blocked signals there, and the
  /// recorder inherits that: it must end all the same when it is told to.
  private static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
