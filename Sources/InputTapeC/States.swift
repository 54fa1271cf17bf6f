// SPDX-License-Identifier: Apache-2.0
//
// What is held at a moment, to C.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInputTape
import InputTape

@c @implementation
public func itape_reader_state_at(
  _ reader: OpaquePointer?, _ time: Int64, _ state: UnsafeMutablePointer<OpaquePointer?>?
) -> itape_status {
  status { () throws(CallFailure) in
    guard let state else { throw .isNull("state") }
    state.pointee = nil
    try ReaderHandle.with(reader) { handle throws(CallFailure) in
      let found = try library { () throws(FileError) in try handle.reader.state(at: time) }
      StateHandle.give(StateHandle(found), to: state)
    }
  }
}

@c @implementation
public func itape_state_get_track(
  _ state: OpaquePointer?, _ index: Int, _ info: UnsafeMutablePointer<itape_track_state>?
) -> itape_status {
  var isEnd = false
  let result = status { () throws(CallFailure) in
    try StateHandle.with(state) { state throws(CallFailure) in
      isEnd = !(0..<state.count).contains(index)
      if !isEnd { try state.describe(index).fill(info, "info") }
    }
  }
  return isEnd ? itape_status(ITAPE_END) : result
}

@c @implementation
public func itape_state_copy_keys(
  _ state: OpaquePointer?, _ index: Int, _ keys: UnsafeMutablePointer<itape_held>?,
  _ capacity: Int
) -> itape_status {
  copy(state, index, keys, capacity) {
    $0.keys.map { Int32(bitPattern: $0) }
  } entry: {
    itape_held(code: $0, is_uncertain: $1)
  }
}

@c @implementation
public func itape_state_copy_buttons(
  _ state: OpaquePointer?, _ index: Int, _ buttons: UnsafeMutablePointer<itape_held>?,
  _ capacity: Int
) -> itape_status {
  copy(state, index, buttons, capacity) {
    $0.buttons
  } entry: {
    itape_held(code: $0, is_uncertain: $1)
  }
}

@c @implementation
public func itape_state_copy_contacts(
  _ state: OpaquePointer?, _ index: Int, _ contacts: UnsafeMutablePointer<itape_contact>?,
  _ capacity: Int
) -> itape_status {
  copy(state, index, contacts, capacity) {
    $0.contacts
  } entry: {
    itape_contact(
      contact: $0.contact, x: $0.x, y: $0.y, pressure: $0.pressure ?? KindColumns.notReported,
      is_uncertain: $1)
  }
}

@c @implementation
public func itape_state_copy_axes(
  _ state: OpaquePointer?, _ index: Int, _ axes: UnsafeMutablePointer<itape_axis_value>?,
  _ capacity: Int
) -> itape_status {
  copy(state, index, axes, capacity) {
    $0.axes
  } entry: {
    itape_axis_value(axis: $0.axis, value: $0.value, is_uncertain: $1)
  }
}

@c @implementation
public func itape_state_close(_ state: OpaquePointer?) { StateHandle.close(state) }

/// Copies what is certain, then what is not.
private func copy<Thing, Entry>(
  _ state: OpaquePointer?, _ index: Int, _ target: UnsafeMutablePointer<Entry>?, _ capacity: Int,
  things: (InputState) -> [Thing], entry: (Thing, UInt32) -> Entry
) -> itape_status {
  status { () throws(CallFailure) in
    try StateHandle.with(state) { state throws(CallFailure) in
      let track = try state.track(index)
      let entries =
        things(track.certain).map { entry($0, 0) } + things(track.uncertain).map { entry($0, 1) }
      try copy(entries, target, capacity)
    }
  }
}
