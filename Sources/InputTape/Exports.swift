// SPDX-License-Identifier: Apache-2.0
//
// Users write `import InputTape` and have the core with it.

@_exported import InputTapeCore
