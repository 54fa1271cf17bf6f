#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the documentation of the library with the DocC of the toolchain into .build/docs; a warning
# is an error. The modules must have been built (`swift build`).
set -euo pipefail

cd "$(dirname "$0")/.."
tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
if [ ! -x "$tools/docc" ]; then
  echo "note: this Swift toolchain has no docc; nothing is built"
  exit 0
fi
build=$(swift build --show-bin-path)
target=$(swiftc -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p' | head -1)
maps=()
for map in "$build"/*.build/module.modulemap; do maps+=(-Xcc "-fmodule-map-file=$map"); done

document() {
  local module=$1 graphs=.build/docs/graphs/$1
  shift
  rm -rf "$graphs"
  mkdir -p "$graphs"
  "$tools/swift-symbolgraph-extract" -module-name "$module" -I "$build/Modules" \
    -I Sources/CZstd -I Sources/CZlib "${maps[@]}" -target "$target" \
    -minimum-access-level public -output-dir "$graphs"
  "$tools/docc" convert "$@" --additional-symbol-graph-dir "$graphs" --warnings-as-errors \
    --output-dir ".build/docs/$module"
  echo "documented $module: $(find ".build/docs/$module/data" -name '*.json' | wc -l) pages"
}

document InputTape Sources/InputTape/InputTape.docc
for module in InputTapeCore InputTapeInterchange InputTapeCapture; do
  document "$module" --fallback-display-name "$module" --fallback-bundle-identifier "$module"
done
