// SPDX-License-Identifier: Apache-2.0
//
// `itape record`: live events into a recording, with consent, a policy, and an end.

import ArgumentParser
import InputTape
import InputTapeCapture
import InputTapeInterchange

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record live input.",
    discussion: """
      Says first what it records and what it does not; records nothing without --purpose. Ends \
      at SIGINT or SIGTERM, after --duration, or when its sources end. SIGUSR1 pauses it and lets \
      it go on. What the policy leaves out is a gap in the recording.

        itape record --source x11 --purpose "usability test 12" session.itape
        itape record --source evdev --device /dev/input/event5 --purpose demo mouse.itape
        agent | itape record --source stdin --purpose demo --level keyboard=full agent.itape

      Levels: off, count (how many in ten seconds), timing (times, no content), class (of keys the \
      sort, of windows the application), full. Classes: pointer, keyboard, text, context, touch, \
      pen, gamepad, custom, or all. Unless told otherwise: no text, no key content, no titles.
      """)

  @Argument(help: "The recording to make; a file that is there is not replaced.")
  var output: String
  @Option(help: "Where events come from: evdev, x11, stdin or macos; evdev and x11 go together.")
  var source: [RecordSource] = []
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var policy: PolicyOptions
  @OptionGroup var writing: RecordWritingOptions
  @Option(
    help: """
      evdev: a device, or a file or FIFO of its events (- is stdin), repeatable; or a folder like \
      /dev/input, whose devices are recorded, also those that come later.
      """)
  var device: [String] = []
  @Option(help: "evdev: what a file comes from: auto, mouse, keyboard, touch, pen, gamepad.")
  var deviceKind: EvdevDeviceKind = .auto
  @Option(help: "x11: the display, as in :0; that of the environment otherwise.")
  var display: String?
  @Option(help: "Stop after this time, as in 30s.") var duration: TimeArgument?
  @Option(name: .customLong("pause"), help: "The signal that pauses: usr1, usr2 or none.")
  var pauseSignal: PauseSignal = .usr1
  @Option(help: "A file that is there while recording goes on; OUTPUT.recording otherwise.")
  var indicator: String?
  @Flag(help: "Print what has become of the events as JSON at the end.") var json = false
  @Flag(help: "No status line, which there is on a terminal alone.") var quiet = false

  func validate() throws {
    guard output != "-" else {
      throw ValidationError("A recording that is being made is a file, whose name is not -")
    }
    guard !source.isEmpty else {
      throw ValidationError("--source is missing: evdev, x11, stdin or macos")
    }
    guard Set(source).count == source.count else {
      throw ValidationError("Each --source is given once")
    }
    guard !source.contains(.stdin) || source.count == 1 else {
      throw ValidationError("--source stdin brings tracks of its own and stands alone")
    }
    guard device.isEmpty || source.contains(.evdev) else {
      throw ValidationError("--device is for --source evdev")
    }
    guard device.count < 2 || !device.contains(where: SystemFiles.isFolder) else {
      throw ValidationError("A folder of devices stands alone")
    }
    guard policy.allowApplication.isEmpty || source.contains(.x11) else {
      throw ValidationError("--allow-application needs --source x11, which knows the focus")
    }
    if let duration, duration.nanoseconds < 1_000_000 {
      throw ValidationError("--duration takes 1ms or more, as in 30s: no unit is nanoseconds")
    }
  }

  private func makeSources() throws -> [any CaptureSource] {
    try source.map { name -> any CaptureSource in
      switch name {
      case .evdev: evdevSource
      case .x11: X11Source(display: display)
      case .stdin: JSONLSource()
      case .macos:
        #if os(macOS)
          EventTapSource()
        #else
          throw CommandFailure(code: CommandFailure.usage, "--source macos is for macOS")
        #endif
      }
    }
  }

  private var evdevSource: EvdevSource {
    if let folder = device.first, SystemFiles.isFolder(folder) {
      return EvdevSource(kind: deviceKind, folder: folder)
    }
    return EvdevSource(paths: device, kind: deviceKind)
  }

  func run() throws {
    // Libraries are loaded and arguments read: what comes needs a fraction of that code.
    ResidentMemory.keepSmall()
    let sources = try makeSources()
    let policy = try policy.policy()
    let control = try RecordSignals.control()
    // Before anybody is told which signals there are, or sees a file.
    RecordSignals.install(pauseSignal)
    // Who cannot write the recording does not begin to record.
    let queue = try makeQueue(policy)
    let notice = RecordNotice(
      output: output, sources: sources, policy: policy, consent: consent,
      pauseSignal: pauseSignal)
    StandardError.write(notice.text)
    let session = CaptureSession(
      queue: queue, sources: sources, policy: policy, control: control)
    do {
      try session.open()
    } catch {
      // Nothing has been recorded: nothing is left behind.
      _ = try? session.finish()
      SystemFiles.remove(output)
      throw CommandFailure(error, in: "nothing was recorded")
    }
    try record(session, notice)
  }

  private func makeQueue(_ policy: CapturePolicy) throws -> CaptureQueue {
    // All that the notice said is in the file before there is an event.
    var metadata = try consent.metadata(sources: source.map(\.rawValue))
    for (name, value) in policy.metadata { metadata[name] = value }
    var options = QueueOptions()
    options.locksMemory = writing.lockMemory
    // Lines of JSON have a clock of their own.
    if source != [.stdin] { options.clockTrack = CaptureOutlet.recorderTrack }
    do {
      return try CaptureQueue(
        path: output, metadata: metadata, writer: writing.writerOptions, options: options,
        onNotice: { notice in RecordNotices.show(notice) })
    } catch {
      throw CommandFailure(error, in: output)
    }
  }

  private func record(_ session: CaptureSession, _ notice: RecordNotice) throws {
    let mark = Indicator(path: indicator ?? output + ".recording", notice: notice)
    mark.show(isPaused: false)
    defer { mark.remove() }
    ResidentMemory.release()
    var status = RecordStatusLine(isShown: !quiet && StandardError.isTerminal)
    session.run(duration: duration?.nanoseconds) { now in
      mark.show(isPaused: now.isPaused)
      status.show(now)
    }
    status.clear()
    ResidentMemory.release()
    var failure: CommandFailure?
    do {
      failure = try session.finish().problems.first.map { CommandFailure($0) }
    } catch {
      failure = CommandFailure(error, in: output)
    }
    // What has become of the events is told in any case.
    let summary = RecordSummary(status: session.status, output: output)
    if json { try StandardOutput.write(summary.json.text) }
    StandardError.write(summary.text)
    if let failure { throw failure }
    if summary.isLossy {
      throw CommandFailure(code: CommandFailure.loss, "\(output): \(summary.lossSentence)")
    }
  }
}

/// The names of `--source`.
enum RecordSource: String, ExpressibleByArgument, CaseIterable {
  case evdev
  case x11
  case stdin
  case macos
}

/// The names of `--pause`.
enum PauseSignal: String, ExpressibleByArgument, CaseIterable {
  case usr1
  case usr2
  case none
}

extension EvdevDeviceKind: ExpressibleByArgument {}

extension CommandFailure {
  /// The failure that a capture error stands for.
  init(_ error: CaptureError, in name: String? = nil) {
    let prefix = name.map { "\($0): " } ?? ""
    switch error {
    case .file(let error): self.init(error, in: name)
    case .system(let operation, let code):
      self.init(
        code: Self.system, "\(prefix)cannot \(operation): \(FileError.systemMessage(of: code))")
    case .unavailable(let sentence): self.init(code: Self.system, prefix + sentence)
    case .malformed(let sentence): self.init(code: Self.data, prefix + sentence)
    @unknown default: self.init(code: Self.system, "\(prefix)\(error)")
    }
  }
}
