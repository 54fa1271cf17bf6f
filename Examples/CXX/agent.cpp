// SPDX-License-Identifier: Apache-2.0
//
// A capture agent in C++: records keys and text, then reads the recording back.
//
//   c++ -std=c++17 agent.cpp $(pkg-config --cflags --libs inputtape) -o agent && ./agent s.itape
#include "inputtape.hpp"

#include <iostream>

static void record(const std::string &path) {
  auto options = inputtape::sized<itape_writer_options>();
  options.flush_interval = 1'000'000'000;
  options.flags = ITAPE_WRITER_REPLACE;
  inputtape::writer writer(path, options);
  writer.set_metadata("agent", "the C++ example");

  std::int64_t time = 0;
  for (std::uint32_t code : {35u, 18u, 38u, 38u, 24u}) {
    writer.key(time += 80'000'000, code, ITAPE_DOWN);
    writer.key(time += 40'000'000, code, ITAPE_UP);
  }
  writer.text(time, "hello", 1);
  std::vector<itape_event> wheel(100);
  for (auto &event : wheel) {
    event.time = time += 8'000'000;
    event.track = 2;
    event.kind = ITAPE_SCROLL;
    event.fields.scroll = {0, -120, ITAPE_NOT_REPORTED};
  }
  writer.append(wheel);
  const auto statistics = writer.finish();
  std::cout << statistics.written_events << " events written\n";
}

static void show(const std::string &path) {
  const inputtape::reader reader(path);
  std::cout << reader.info().events << " events in the recording\n";
  std::int64_t scrolled = 0;
  reader.for_each([&](const itape_event &event) {
    if (event.kind == ITAPE_SCROLL) scrolled += event.fields.scroll.dy;
    if (event.kind == ITAPE_TEXT)
      std::cout << "text: "
                << std::string_view(event.fields.text.bytes, event.fields.text.byte_count) << "\n";
  });
  std::cout << "scrolled: " << scrolled << "\n";
  for (auto code : reader.keys_at(100'000'000)) std::cout << "held at 100 ms: " << code << "\n";
  std::cout << (reader.verify() ? "sound" : "not sound") << "\n";
}

int main(int count, char **arguments) {
  if (count != 2) {
    std::cerr << "usage: agent FILE\n";
    return 64;
  }
  try {
    record(arguments[1]);
    show(arguments[1]);
  } catch (const inputtape::error &error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
