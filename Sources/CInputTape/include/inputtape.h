// SPDX-License-Identifier: Apache-2.0
//
// The C interface of InputTape: write and read recordings of human input.
//
// OWNERSHIP  A handle (itape_writer, itape_reader, itape_cursor, itape_block, itape_state) belongs
//   to the caller from the call that gives it until its itape_*_close; closing NULL does nothing.
//   All other memory is the caller's: the library copies what it is given before a call returns,
//   and fills buffers of the caller's. The two exceptions say so: the strings of an event that a
//   cursor gives, and the bytes of itape_reader_open_memory.
// THREADS  A handle is used by one thread at a time, different handles by any number of threads at
//   once. Of a writer, one thread appends, and at the same time others may call flush, sync, the
//   statistics and what sets metadata. A cursor, a block and a state do not need their reader any
//   more, and may be used on other threads than it.
// ERRORS  Each call that can fail returns an itape_status: ITAPE_OK, another positive number that
//   is no error, a number of Specs/Errors.md (10 to 59: the bytes are wrong), or a negative one.
//   After an error, output parameters hold NULL or zeros, and itape_error_text says more. NULL
//   where a pointer is needed is ITAPE_ERROR_ARGUMENT. The library never ends the process for what
//   a caller or a file does; it does where the system has no memory left, or where a handle is
//   used that was closed.
// VERSIONS  A struct that may grow begins with its size: set it to sizeof(the struct) and the rest
//   to zero, which stands for the default. The library takes smaller (older) structs and larger
//   ones whose additional bytes are zero, and fills no more than the size says. ITAPE_ABI_VERSION
//   changes only when a program must be compiled again; the shared library's name has the same
//   number.
// TEXT  Names, values and paths are UTF-8 that ends with 0; text of events has a length instead.
// TIMES  are nanoseconds on the recording's own clock, from its start; they may be negative.
#ifndef INPUTTAPE_H
#define INPUTTAPE_H

#include "inputtape_events.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ITAPE_ABI_VERSION 0 // this header describes version 0

// ---- Status ------------------------------------------------------------------------------------

typedef int32_t itape_status;

enum {
  ITAPE_OK = 0,
  ITAPE_END = 1,     // there are no more events
  ITAPE_DROPPED = 2, // the queue was full: the event was dropped, and a gap counts it
  ITAPE_LOSS = 3,    // done, but something of the recording is damaged, missing or was not closed
  // 10 to 59: the numbers of Specs/Errors.md; itape_error_position says where
  ITAPE_ERROR_TRUNCATED = 10,
  ITAPE_ERROR_TRUNCATED_RECORD = 11,
  ITAPE_ERROR_HEADER_CHECKSUM = 20,
  ITAPE_ERROR_PAYLOAD_CHECKSUM = 21,
  ITAPE_ERROR_SECTION_CHECKSUM = 22,
  ITAPE_ERROR_FILE_HEADER_CHECKSUM = 23,
  ITAPE_ERROR_NOT_A_RECORDING = 30,
  ITAPE_ERROR_NO_RECORD = 31,
  ITAPE_ERROR_MALFORMED = 32,
  ITAPE_ERROR_DECOMPRESSION = 33,
  ITAPE_ERROR_RESERVED_NOT_ZERO = 34,
  ITAPE_ERROR_SEQUENCE = 35,
  ITAPE_ERROR_INDEX = 36,
  ITAPE_ERROR_UNSUPPORTED_VERSION = 40,
  ITAPE_ERROR_UNSUPPORTED_ENCODING = 41,
  ITAPE_ERROR_SEALED = 42,
  ITAPE_ERROR_LIMIT = 50,
  ITAPE_ERROR_ARGUMENT = -1,    // NULL, a number out of its range, text that is not UTF-8
  ITAPE_ERROR_STRUCT_SIZE = -2, // a struct's size is none that this library knows
  ITAPE_ERROR_STATE = -3,       // not now: the writer has finished, nothing has been loaded
  ITAPE_ERROR_BUFFER = -4,      // the caller's buffer is too small
  ITAPE_ERROR_SYSTEM = -5,      // the system or a callback refused: itape_error_system_code
  ITAPE_ERROR_NOT_FOUND = -6    // there is no such track, name, column
};

// The name of a status in English: static storage, never NULL.
const char *itape_status_string(itape_status status);
// What the last error of this thread was about: copies at most `capacity` bytes with the final 0.
// Returns the bytes that the whole text needs with it.
size_t itape_error_text(char *buffer, size_t capacity);
// The position in the file of the last error of this thread with a status of 10 to 59.
uint64_t itape_error_position(void);
// The system's error number (errno) of this thread's last ITAPE_ERROR_SYSTEM, or a callback's.
int32_t itape_error_system_code(void);
// ITAPE_ABI_VERSION of the library, to be compared with that of the header.
uint32_t itape_abi_version(void);
// The version of the library, as in "0.1.0": static storage.
const char *itape_version(void);

// ---- Writing -----------------------------------------------------------------------------------

typedef struct itape_writer itape_writer;

enum { ITAPE_PRESET_BALANCED = 0, ITAPE_PRESET_FAST = 1, ITAPE_PRESET_COMPACT = 2 };
enum { ITAPE_COMPRESSION_ZSTD = 0, ITAPE_COMPRESSION_NONE = 1, ITAPE_COMPRESSION_DEFLATE = 2 };
enum {
  ITAPE_WRITER_REPLACE = 1,       // a file that is there may be overwritten
  ITAPE_WRITER_KEEP_BLOCKS = 2,   // finish does not write small blocks anew
  ITAPE_WRITER_DROP = 4,          // a full queue drops the newest event instead of waiting
  ITAPE_WRITER_RECORDING_ID = 8,  // recording_id holds the recording's ID; otherwise it is random
  ITAPE_WRITER_NO_TIMED_SYNC = 16 // only itape_writer_sync and finish sync
};

// What a notice is about. The recording goes on after each of them.
enum {
  ITAPE_NOTICE_LOST = 1,           // `events` could not be kept; a gap of `cause` stands for them
  ITAPE_NOTICE_RECOVERED = 2,      // the system takes bytes again
  ITAPE_NOTICE_SYNC_FAILED = 3,    // what was not yet synced goes into a new segment
  ITAPE_NOTICE_SEGMENT = 4,        // the recording goes on in the file `path`
  ITAPE_NOTICE_SEGMENT_FAILED = 5, // another file could not be begun; it is tried again
  ITAPE_NOTICE_VANISHED = 6,       // the file at `path` was removed
  ITAPE_NOTICE_RESTORED = 7,       // the file at `path` is there again, with all that was in it
  ITAPE_NOTICE_REFUSED = 8         // something that was said is beyond the limits, and left out
};

typedef struct itape_notice { // what does not belong to its kind is 0 or NULL
  size_t struct_size;
  int32_t kind, cause;
  uint64_t events, segment;
  const char *path;           // lives for the call
  itape_status error;
  int32_t system_code;        // errno, with ITAPE_ERROR_SYSTEM
} itape_notice;

typedef struct itape_writer_options {
  size_t struct_size;
  int64_t flush_interval; // ns until an event survives kill -9; 0: full blocks only, no thread
  int64_t sync_interval;  // ns until it survives a loss of power, with a flush interval; 0: 5 s
  uint32_t flags;
  uint32_t preset;
  uint32_t compression;
  int32_t compression_level; // 0: the preset's own
  uint32_t threads;          // blocks encoded at once; 0: 1
  uint32_t events_per_block; // 0: 65,536
  uint8_t recording_id[16];
  uint64_t segment_bytes; // a file of this size is followed by another segment; 0: one file
  int64_t segment_age;    // ns until another segment begins; 0: never
  // Told of trouble, and of its end, by whichever thread writes, with no lock held; may be NULL. It
  // must not use the writer.
  void (*notice)(void *context, const itape_notice *notice);
  void *notice_context;
} itape_writer_options;

// Where bytes go. Each call is whole or not at all, and returns 0 or an error number (errno).
// Called by the appending thread or the writer's own, never by two at once.
typedef struct itape_sink {
  size_t struct_size;
  void *context;
  int32_t (*write)(void *context, const void *bytes, size_t byte_count);
  int32_t (*sync)(void *context);    // may be NULL
  void (*release)(void *context);    // called once, when the writer is closed; may be NULL
} itape_sink;

// Strings may be NULL: empty. Those that a reader gives live until it is closed.
typedef struct itape_track {
  size_t struct_size;
  uint16_t track;
  uint8_t track_class;
  uint8_t subpixel_bits; // coordinates are in units of 2 to the power of minus this, 0 to 31
  int32_t resolution;    // device units for an inch, or 0
  const char *name, *device, *code_space, *coordinate_space;
} itape_track;

typedef struct itape_writer_statistics {
  size_t struct_size;
  uint64_t written_events; // in blocks that the file or sink has taken
  uint64_t dropped_events; // the queue was full
  uint64_t lost_events;    // the file or sink refused their block
  uint64_t refused_events; // beyond the format's limits
  uint64_t blocks;
  uint64_t bytes;
  uint64_t segments;
} itape_writer_statistics;

// Columns of events of one kind and track. The columns are those of Specs/Registry.md, section 1,
// in its order, each with `count` entries; `strings` point to `count` strings for each string
// column.
typedef struct itape_columns {
  size_t struct_size;
  uint64_t count;
  const int64_t *times;
  const int32_t *const *int32;
  const int64_t *const *int64;
  const itape_string *const *strings;
  uint16_t track;
  itape_kind kind;
  uint8_t int32_count, int64_count, string_count, reserved[2];
} itape_columns;

// Begins a recording in a new file, which has a file header at once: after a kill it is a recording
// without events. `options` may be NULL.
itape_status itape_writer_open(
  const char *path, const itape_writer_options *options, itape_writer **writer);
// Begins a recording on callbacks, and writes the file header to them before it returns; the sink
// is released by itape_writer_close, or at once if this fails. Blocks stay as they are cut.
itape_status itape_writer_open_sink(
  const itape_sink *sink, const itape_writer_options *options, itape_writer **writer);
// Describes a track; tracks that are not described get the class of their first event's kind.
itape_status itape_writer_set_track(itape_writer *writer, const itape_track *track);
// Says something of the recording; a `value` of NULL takes it back. All that is said of it has at
// most 64 KiB, and all that is said of its tracks 2 MiB.
itape_status itape_writer_set_metadata(itape_writer *writer, const char *name, const char *value);

// Append one event: ITAPE_OK, or ITAPE_DROPPED. Those of numbers alone cost some nanoseconds,
// allocate nothing and make no system call but for one in thousands, which wakes the writer's
// thread or, without a flush interval, encodes. Trouble with the file is told by flush, sync and
// finish.
itape_status itape_writer_motion(
  itape_writer *writer, uint16_t track, int64_t time, int32_t x, int32_t y);
itape_status itape_writer_raw_motion(
  itape_writer *writer, uint16_t track, int64_t time, int32_t dx, int32_t dy);
itape_status itape_writer_button(
  itape_writer *writer, uint16_t track, int64_t time, int32_t button, int32_t state);
itape_status itape_writer_scroll(
  itape_writer *writer, uint16_t track, int64_t time, int32_t dx, int32_t dy, int32_t phase);
itape_status itape_writer_key(
  itape_writer *writer, uint16_t track, int64_t time, uint32_t code, int32_t state);
itape_status itape_writer_axis(
  itape_writer *writer, uint16_t track, int64_t time, int32_t axis, int32_t value);
itape_status itape_writer_touch(
  itape_writer *writer, uint16_t track, int64_t time, const itape_touch *touch);
itape_status itape_writer_pen(
  itape_writer *writer, uint16_t track, int64_t time, const itape_pen *pen);
itape_status itape_writer_text(
  itape_writer *writer, uint16_t track, int64_t time, const char *text, size_t byte_count);
itape_status itape_writer_focus(
  itape_writer *writer, uint16_t track, int64_t time, const itape_focus *focus);
itape_status itape_writer_frame(
  itape_writer *writer, uint16_t track, int64_t time, const itape_frame *frame);
itape_status itape_writer_marker(
  itape_writer *writer, uint16_t track, int64_t time, const char *label, size_t byte_count);
itape_status itape_writer_clock(
  itape_writer *writer, uint16_t track, int64_t time, int64_t unix_time, int64_t uncertainty);
itape_status itape_writer_gap(
  itape_writer *writer, uint16_t track, int64_t time, const itape_gap *gap);
itape_status itape_writer_custom(
  itape_writer *writer, uint16_t track, int64_t time, int32_t type, const void *bytes,
  size_t byte_count);

// Appends `count` events of any kinds; `event_size` is sizeof(itape_event). They are checked before
// the first is appended. With ITAPE_DROPPED, the statistics tell how many were dropped.
itape_status itape_writer_append(
  itape_writer *writer, const itape_event *events, size_t count, size_t event_size);
// Appends columns: ITAPE_OK, or ITAPE_DROPPED where the queue was full, and all of them dropped.
itape_status itape_writer_append_columns(itape_writer *writer, const itape_columns *columns);

// Hands all events so far to the system, and what was said of the recording: they survive the end
// of this process. Who has described a live recording flushes once before its first event. Returns
// the first error since errors were last told; events that could not be written are counted, and a
// gap stands for them in the recording, which goes on.
itape_status itape_writer_flush(itape_writer *writer);
// Makes all events so far survive a loss of power.
itape_status itape_writer_sync(itape_writer *writer);
itape_status itape_writer_get_statistics(
  itape_writer *writer, itape_writer_statistics *statistics);
// Ends the recording: writes what is left, the index and, where flushes made blocks small, the file
// anew. `statistics` may be NULL. After this, whatever it returns, the writer can only be closed.
itape_status itape_writer_finish(itape_writer *writer, itape_writer_statistics *statistics);
// Frees the writer. A recording that was not finished reads to its last flushed block.
void itape_writer_close(itape_writer *writer);

// ---- Reading -----------------------------------------------------------------------------------

typedef struct itape_reader itape_reader;
typedef struct itape_cursor itape_cursor;
typedef struct itape_block itape_block;
typedef struct itape_state itape_state;

// Where bytes come from. `read` puts up to `byte_count` bytes of `position` into the buffer and
// says how many; fewer only at the end. Both return 0 or an error number (errno), and are called
// by the thread that calls the library.
typedef struct itape_source {
  size_t struct_size;
  void *context;
  int32_t (*size)(void *context, uint64_t *byte_count);
  int32_t (*read)(
    void *context, uint64_t position, void *buffer, size_t byte_count, size_t *read_count);
  void (*release)(void *context); // called once, when nothing reads any more; may be NULL
} itape_source;

enum {
  ITAPE_READER_SCAN = 1,  // read all headers instead of the index
  ITAPE_READER_STRICT = 2 // anything that is not whole is an error, and not only noted
};

enum {
  ITAPE_INFO_CLOSED = 1,         // the recording was closed
  ITAPE_INFO_COMPLETE = 2,       // closed, and nothing is missing, as far as it has been read
  ITAPE_INFO_USED_INDEX = 4,
  ITAPE_INFO_HEADER_REBUILT = 8, // the file header was destroyed; a copy of it served
  ITAPE_INFO_HAS_EVENTS = 16     // first_time and last_time mean something
};

typedef struct itape_info {
  size_t struct_size;
  uint64_t events, blocks, bytes;
  int64_t first_time, last_time;
  uint64_t torn_bytes; // at the end, that are no whole record
  uint64_t losses;     // parts that could not be read, so far
  uint64_t segment;    // which of the recording's segments comes first here
  uint64_t segments;   // files that were read as one
  uint64_t missing_segments;
  uint32_t tracks;     // declared, or with events
  uint32_t flags;
  uint8_t recording_id[16];
} itape_info;

typedef struct itape_loss {
  size_t struct_size;
  uint64_t first_position, end_position; // the bytes that gave nothing
  uint64_t error_position;
  int64_t events;                        // that are missing; -1 where nothing tells
  uint64_t segment;                      // whose file the positions belong to
  itape_status error;
  int32_t reserved;
} itape_loss;

// Which events are wanted. All zero but struct_size: all of them.
typedef struct itape_filter {
  size_t struct_size;
  int64_t from, to;            // from <= time < to, with ITAPE_FILTER_FROM, ITAPE_FILTER_TO
  const uint16_t *tracks;      // NULL: all
  size_t track_count;
  uint64_t kinds[4];           // bit k % 64 of word k / 64 for kind k; all words 0: all
  uint32_t classes;            // bit c for class c; 0: all
  uint32_t flags;
} itape_filter;
enum { ITAPE_FILTER_FROM = 1, ITAPE_FILTER_TO = 2 };

// Opens a recording: the file of its first segment, or the folder that holds it alone. The other
// segments are found beside the first; the file of another is read alone.
itape_status itape_reader_open(const char *path, uint32_t flags, itape_reader **reader);
// The source is released when the reader and all its cursors are closed, or at once if this fails.
itape_status itape_reader_open_source(
  const itape_source *source, uint32_t flags, itape_reader **reader);
// Reads from memory of the caller's, which must stay as it is until the reader and all its cursors
// are closed.
itape_status itape_reader_open_memory(
  const void *bytes, size_t byte_count, uint32_t flags, itape_reader **reader);
void itape_reader_close(itape_reader *reader);

itape_status itape_reader_get_info(itape_reader *reader, itape_info *info);
itape_status itape_reader_get_loss(itape_reader *reader, size_t index, itape_loss *loss);
// One of the tracks, by its place in the order of their numbers. Its strings live until the reader
// is closed. `events` and `bytes` may be NULL.
itape_status itape_reader_get_track(
  itape_reader *reader, size_t index, itape_track *track, uint64_t *events, uint64_t *bytes);
// Copies a value of the metadata with a final 0. `byte_count` gets the bytes that are needed with
// it; a buffer that is too small, or NULL with 0, gives ITAPE_ERROR_BUFFER.
itape_status itape_reader_get_metadata(
  itape_reader *reader, const char *name, char *buffer, size_t capacity, size_t *byte_count);
// The same for a name, by its place in their order; ITAPE_END behind the last.
itape_status itape_reader_get_metadata_name(
  itape_reader *reader, size_t index, char *buffer, size_t capacity, size_t *byte_count);

// All events of a filter (NULL: all), by time, then by track, and within a track as they were
// appended. What is damaged is left out, and is found in the reader's info and losses.
itape_status itape_reader_open_cursor(
  itape_reader *reader, const itape_filter *filter, itape_cursor **cursor);
// The next event, or ITAPE_END. `event_size` is sizeof(itape_event). Strings, and the fields of
// unknown kinds, live until the next call with the cursor.
itape_status itape_cursor_next(itape_cursor *cursor, itape_event *event, size_t event_size);
// Up to `capacity` events; `count` gets how many, 0 with ITAPE_END. In front of an error there are
// those that come before it, and the next call returns it. Strings live as above.
itape_status itape_cursor_read(
  itape_cursor *cursor, itape_event *events, size_t capacity, size_t event_size, size_t *count);
void itape_cursor_close(itape_cursor *cursor);

// Columns: the fastest way to all events. A block holds sections, one for each track in it.
typedef struct itape_section {
  size_t struct_size;
  uint64_t events;
  uint16_t track, reserved;
  uint32_t kinds; // kinds of events in it
} itape_section;

typedef struct itape_kind_columns {
  size_t struct_size;
  uint64_t events;
  itape_kind kind;
  uint8_t int32_count, int64_count, string_count;
  uint8_t reserved[4];
} itape_kind_columns;

itape_status itape_block_create(itape_block **block);
// Reads a block, 0 to itape_info.blocks - 1, whose memory is used again. Sections that are damaged
// are left out: ITAPE_LOSS. Where the recording's index hides blocks that are in the file, it is
// left, once, with ITAPE_ERROR_INDEX: from then on itape_info.blocks and the numbers are those of
// the blocks in the file, and who wants all of them begins again.
itape_status itape_reader_load_block(itape_reader *reader, uint64_t index, itape_block *block);
itape_status itape_block_get_section(itape_block *block, size_t section, itape_section *info);
itape_status itape_block_get_kind(
  itape_block *block, size_t section, size_t index, itape_kind_columns *info);
// Copy a column into the caller's buffer of `capacity` entries, which is large enough for the
// events of the section (times, kinds) or of the kind (others); `index` is the kind's place in the
// section.
itape_status itape_block_copy_times(
  itape_block *block, size_t section, int64_t *times, size_t capacity);
itape_status itape_block_copy_kinds(
  itape_block *block, size_t section, itape_kind *kinds, size_t capacity);
itape_status itape_block_copy_int32(
  itape_block *block, size_t section, size_t index, size_t column, int32_t *values,
  size_t capacity);
itape_status itape_block_copy_int64(
  itape_block *block, size_t section, size_t index, size_t column, int64_t *values,
  size_t capacity);
// Strings come one after another: `ends` gets where each ends, `byte_count` the bytes of all. A
// buffer that is too small gives ITAPE_ERROR_BUFFER and says how many bytes are needed.
itape_status itape_block_copy_strings(
  itape_block *block, size_t section, size_t index, size_t column, int32_t *ends, size_t capacity,
  char *bytes, size_t byte_capacity, size_t *byte_count);
void itape_block_close(itape_block *block);

// State: what is held and pointed at at a moment. After a gap, what was held before it may have
// been let go: it counts as uncertain until an event tells (Specs/Format.md, section 6.3).
enum {
  ITAPE_STATE_POSITION = 1, ITAPE_STATE_PEN = 2, ITAPE_STATE_FOCUS = 4, // there is one
  ITAPE_STATE_GAP = 8,                                                 // there was one
  ITAPE_STATE_POSITION_UNCERTAIN = 16, ITAPE_STATE_PEN_UNCERTAIN = 32,
  ITAPE_STATE_FOCUS_UNCERTAIN = 64
};

typedef struct itape_track_state {
  size_t struct_size;
  itape_position position;
  itape_pen pen;
  uint16_t track;
  uint16_t reserved;
  itape_focus focus;         // strings live until the state is closed
  itape_gap gap;             // the last gap of the track
  uint32_t flags;
  uint32_t keys, buttons, contacts, axes; // how many there are
  uint32_t reserved2;
} itape_track_state;

typedef struct itape_held { int32_t code; uint32_t is_uncertain; } itape_held; // key or button
typedef struct itape_contact {
  int32_t contact, x, y, pressure;
  uint32_t is_uncertain;
} itape_contact;
typedef struct itape_axis_value { int32_t axis, value; uint32_t is_uncertain; } itape_axis_value;

// The state after all events that are not later than `time`.
itape_status itape_reader_state_at(itape_reader *reader, int64_t time, itape_state **state);
// One of the tracks of which something is known, in the order of their numbers; ITAPE_END behind
// the last.
itape_status itape_state_get_track(itape_state *state, size_t index, itape_track_state *info);
// Copy what is held on a track, by its place as above, in the order of codes.
itape_status itape_state_copy_keys(
  itape_state *state, size_t index, itape_held *keys, size_t capacity);
itape_status itape_state_copy_buttons(
  itape_state *state, size_t index, itape_held *buttons, size_t capacity);
itape_status itape_state_copy_contacts(
  itape_state *state, size_t index, itape_contact *contacts, size_t capacity);
itape_status itape_state_copy_axes(
  itape_state *state, size_t index, itape_axis_value *axes, size_t capacity);
void itape_state_close(itape_state *state);

typedef struct itape_verification {
  size_t struct_size;
  uint64_t segments, records, sections, events, bytes, problems;
  uint32_t is_sound;       // nothing is wrong, and the recording was closed
  uint32_t compared_index; // the index was there and was compared with the records
} itape_verification;

// Checks every byte: ITAPE_OK if all is sound, ITAPE_LOSS if not. `problem` may be NULL; it is
// called with each problem, whose message lives for the call.
itape_status itape_reader_verify(
  itape_reader *reader, itape_verification *verification,
  void (*problem)(
    void *context, itape_status error, uint64_t position, const char *message),
  void *context);

typedef struct itape_recovery {
  size_t struct_size;
  uint64_t events;      // found and written
  uint64_t lost_events; // counted by headers, and not readable; more may be missing
  uint64_t added_gaps;  // that stand for what is missing
  uint64_t losses, torn_bytes;
  uint64_t bytes;       // of the new recording
} itape_recovery;

// Writes what can be read of a recording into a new one, which takes the place of a file `output`
// when it has been read back and is sound: ITAPE_OK if nothing was missing, ITAPE_LOSS if something
// was. The recording at `path` is not touched. After an error there is no output. `recovery` may be
// NULL.
itape_status itape_recover(const char *path, const char *output, itape_recovery *recovery);

#ifdef __cplusplus
}
#endif

#endif
