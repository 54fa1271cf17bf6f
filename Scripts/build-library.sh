#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the C library, shared and static, into .build/library.
#
# Both hold the Swift runtime, Zstandard and zlib: a program that links them needs the C and C++
# libraries of the system and nothing else. Both show the symbols of inputtape.h alone.
set -euo pipefail

cd "$(dirname "$0")/.."
if [ "$(uname)" != Linux ]; then
  echo "note: the C library is built on Linux only; on macOS use the Swift package"
  exit 0
fi
compiler=${CC:-$(command -v cc || echo clang)}
# With the flag of `make build`, so that one does not undo what the other has compiled.
swift build -c release --target InputTapeC --static-swift-stdlib
build=$(swift build -c release --show-bin-path)
runtime=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift_static/linux
version=$(sed -n 's/.*cString("\([0-9.]*\)").*/\1/p' Sources/InputTapeC/StatusText.swift)
abi=$(sed -n 's/^#define ITAPE_ABI_VERSION \([0-9]*\).*/\1/p' \
  Sources/CInputTape/include/inputtape.h)

# What belongs to the target now; objects of files that have gone may still lie about.
objects=()
for target in InputTapeC InputTape InputTapeCore; do
  while IFS= read -r source; do
    source=${source//\\/}
    source=${source//\'/}
    objects+=("$build/$target.build/$(basename "$source").o")
  done <"$build/$target.build/sources"
done
for source in Sources/CInputTape/*.c Sources/CInputTapePlatform/*.c; do
  target=$(basename "$(dirname "$source")")
  objects+=("$build/$target.build/$(basename "$source").o")
done

output=.build/library
rm -rf "$output.new"
mkdir -p "$output.new"

# One object, of which others see the names of inputtape.h alone: it meets no other Swift runtime or
# Zstandard in the program that links it. The table of constructors stays in order. No section is
# in a group: of two groups of one name, as C++ programs bring them, the linker keeps theirs alone.
object=$output.new/inputtape.o
ld -r --force-group-allocation -o "$object" \
  "$runtime/$(uname -m)/swiftrt.o" "${objects[@]}" -L"$runtime" \
  -L"$(dirname "$("$compiler" -print-file-name=libzstd.a)")" --start-group \
  -lswiftCore -lswiftSynchronization -lswiftGlibc -lswiftSwiftOnoneSupport -lswift_Concurrency \
  -lswift_StringProcessing -lswift_RegexParser -lswift_Builtin_float -ldispatch -lBlocksRuntime \
  -l:libzstd.a -l:libz.a --end-group
# Declarations begin at the first column of the header.
grep -oE '^[a-z][a-z0-9_ *]*itape_[a-z0-9_]+\(' Sources/CInputTape/include/inputtape.h \
  | grep -oE 'itape_[a-z0-9_]+\($' | tr -d '(' >"$output.new/symbols"
objcopy --keep-global-symbols="$output.new/symbols" --strip-debug "$object"
ar rcsD "$output.new/libinputtape.a" "$object"

shared=libinputtape.so.$version
"$compiler" -shared -o "$output.new/$shared" "$object" -Wl,-soname,"libinputtape.so.$abi" \
  -Wl,--version-script=Packaging/inputtape.map -Wl,--gc-sections -Wl,-s -Wl,-z,relro -Wl,-z,defs \
  -lstdc++ -lm -lpthread -ldl
ln -s "$shared" "$output.new/libinputtape.so.$abi"
ln -s "libinputtape.so.$abi" "$output.new/libinputtape.so"
rm "$object" "$output.new/symbols"
echo "$version" >"$output.new/version"
rm -rf "$output"
mv "$output.new" "$output"
echo "Built $output/$shared and $output/libinputtape.a"
