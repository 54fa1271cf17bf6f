// SPDX-License-Identifier: Apache-2.0
//
// InputTape for C++17: handles that close themselves, errors that are thrown.
//
// Copy it, and change it.
#pragma once

#include <inputtape.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inputtape {

/// A call failed: the status for the program, a sentence for people.
class error : public std::runtime_error {
public:
  explicit error(itape_status status) : std::runtime_error(sentence(status)), status(status) {}
  itape_status status;

private:
  static std::string sentence(itape_status status) {
    std::string text(itape_error_text(nullptr, 0), '\0');
    itape_error_text(text.data(), text.size());
    text.pop_back();
    return std::string(itape_status_string(status)) + ": " + text;
  }
};

/// Throws what is an error; returns what is none.
inline itape_status check(itape_status status) {
  if (status < 0 || status >= 10) throw error(status);
  return status;
}

/// A struct of the interface with its size set and all else zero.
template <typename T> T sized() {
  T value{};
  value.struct_size = sizeof(T);
  return value;
}

template <auto close> struct closer {
  template <typename T> void operator()(T *handle) const { close(handle); }
};
template <typename T, auto close> using handle = std::unique_ptr<T, closer<close>>;

/// Writes a recording. One that is destroyed without finish() reads to its last flushed block.
class writer {
public:
  explicit writer(
    const std::string &path, itape_writer_options options = sized<itape_writer_options>()) {
    itape_writer *opened = nullptr;
    check(itape_writer_open(path.c_str(), &options, &opened));
    pointer.reset(opened);
  }

  void set_track(const itape_track &track) { check(itape_writer_set_track(get(), &track)); }
  void set_metadata(const std::string &name, const std::string &value) {
    check(itape_writer_set_metadata(get(), name.c_str(), value.c_str()));
  }
  /// These return false where the queue was full and the event was dropped.
  bool motion(std::int64_t time, std::int32_t x, std::int32_t y, std::uint16_t track = 0) {
    return check(itape_writer_motion(get(), track, time, x, y)) == ITAPE_OK;
  }
  bool key(std::int64_t time, std::uint32_t code, std::int32_t state, std::uint16_t track = 0) {
    return check(itape_writer_key(get(), track, time, code, state)) == ITAPE_OK;
  }
  bool text(std::int64_t time, std::string_view text, std::uint16_t track = 0) {
    return check(itape_writer_text(get(), track, time, text.data(), text.size())) == ITAPE_OK;
  }
  bool append(const std::vector<itape_event> &events) {
    return check(itape_writer_append(
      get(), events.data(), events.size(), sizeof(itape_event))) == ITAPE_OK;
  }
  void flush() { check(itape_writer_flush(get())); }
  void sync() { check(itape_writer_sync(get())); }
  itape_writer_statistics finish() {
    auto statistics = sized<itape_writer_statistics>();
    check(itape_writer_finish(get(), &statistics));
    return statistics;
  }
  itape_writer *get() const { return pointer.get(); }

private:
  handle<itape_writer, itape_writer_close> pointer;
};

/// Reads a recording.
class reader {
public:
  explicit reader(const std::string &path, std::uint32_t flags = 0) {
    itape_reader *opened = nullptr;
    check(itape_reader_open(path.c_str(), flags, &opened));
    pointer.reset(opened);
  }

  itape_info info() const {
    auto info = sized<itape_info>();
    check(itape_reader_get_info(get(), &info));
    return info;
  }
  /// Calls `body` with each event; its strings live for the call.
  template <typename Body> void for_each(Body body, const itape_filter *filter = nullptr) const {
    itape_cursor *opened = nullptr;
    check(itape_reader_open_cursor(get(), filter, &opened));
    handle<itape_cursor, itape_cursor_close> cursor(opened);
    std::vector<itape_event> events(256);
    std::size_t count = 0;
    while (check(itape_cursor_read(
             cursor.get(), events.data(), events.size(), sizeof(itape_event), &count)) == ITAPE_OK)
      for (std::size_t index = 0; index < count; index++) body(events[index]);
  }
  /// Keys that are down at a time, on any track; those that only may be are left out.
  std::vector<std::int32_t> keys_at(std::int64_t time) const {
    itape_state *opened = nullptr;
    check(itape_reader_state_at(get(), time, &opened));
    handle<itape_state, itape_state_close> state(opened);
    std::vector<std::int32_t> codes;
    auto track = sized<itape_track_state>();
    for (std::size_t index = 0;
         check(itape_state_get_track(state.get(), index, &track)) == ITAPE_OK; index++) {
      std::vector<itape_held> held(track.keys);
      check(itape_state_copy_keys(state.get(), index, held.data(), held.size()));
      for (const auto &key : held)
        if (!key.is_uncertain) codes.push_back(key.code);
    }
    return codes;
  }
  /// Whether every byte is sound.
  bool verify() const {
    auto verification = sized<itape_verification>();
    return check(itape_reader_verify(get(), &verification, nullptr, nullptr)) == ITAPE_OK;
  }
  itape_reader *get() const { return pointer.get(); }

private:
  handle<itape_reader, itape_reader_close> pointer;
};

} // namespace inputtape
