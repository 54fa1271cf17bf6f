// SPDX-License-Identifier: Apache-2.0
//
// What capture needs of the system and Swift cannot import.
#pragma once

#include "inputtape_evdev.h"
#include "inputtape_x11.h"
