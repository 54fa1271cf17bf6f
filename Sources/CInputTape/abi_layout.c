// SPDX-License-Identifier: Apache-2.0
//
// The layout that the structs of inputtape.h have on every 64-bit system: a difference does not
// compile. The committed list of all offsets is Tests/InputTapeCTests/abi.txt.
#include "inputtape.h"

_Static_assert(sizeof(itape_fields) == 64, "fields");
_Static_assert(sizeof(itape_event) == 80 && offsetof(itape_event, fields) == 16, "event");
_Static_assert(sizeof(itape_writer_options) == 96, "writer options");
_Static_assert(sizeof(itape_writer_statistics) == 64, "statistics");
_Static_assert(sizeof(itape_track) == 48, "track");
_Static_assert(sizeof(itape_columns) == 56, "columns");
_Static_assert(sizeof(itape_info) == 112, "info");
_Static_assert(sizeof(itape_filter) == 80, "filter");
_Static_assert(sizeof(itape_string) == 16, "string");
