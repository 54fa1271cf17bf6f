// SPDX-License-Identifier: Apache-2.0
//
// The C library, under whatever name the platform has for it.

#if canImport(Darwin)
  @_exported import Darwin
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Glibc
#endif
