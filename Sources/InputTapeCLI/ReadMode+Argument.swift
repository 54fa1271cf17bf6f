// SPDX-License-Identifier: Apache-2.0
//
// The names of `--mode`.

import ArgumentParser
import InputTape

extension ReadMode: ExpressibleByArgument {}
