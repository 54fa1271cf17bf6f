#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Which regions of the sources the fuzz targets reach: with their seeds, the finds, the vectors, and
# what earlier runs of Scripts/fuzz.sh have kept.
#
#   Scripts/fuzz-coverage.sh [TARGET ...]
#
# Prints regions reached and all regions of the core, the reader and writer, and the importers, for
# each target and for all of them together.
#   FUZZ_CORPUS    where inputs are kept that reached something new (Fuzz/.build-corpus)
#   FUZZ_SCRATCH   where to build (Fuzz/.build-coverage)
set -euo pipefail

cd "$(dirname "$0")/.."
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=($(cd Fuzz/Sources && ls -d Fuzz*))
corpus=${FUZZ_CORPUS:-Fuzz/.build-corpus} scratch=${FUZZ_SCRATCH:-Fuzz/.build-coverage}
tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
parts=(InputTapeCore InputTape InputTapeInterchange)
export SWIFT_BACKTRACE=enable=no

swift build --package-path Fuzz --scratch-path "$scratch" --sanitize fuzzer \
  -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping 2>&1 | tail -1

# Regions that were reached, and all of them, of each part: of a profile, in these programs.
report() {
  local profile=$1 name=$2 part
  shift 2
  printf '%-13s' "$name"
  for part in "${parts[@]}"; do
    "$tools/llvm-cov" report "$@" -instr-profile="$profile" "Sources/$part" 2>/dev/null |
      awk -v part="$part" '/^TOTAL/ { printf "  %s %5d of %5d (%s)", part, $2 - $3, $2, $4 }'
  done
  echo
}

objects=() profiles=()
for target in "${targets[@]}"; do
  program=$scratch/debug/$target
  folders=("Fuzz/Corpus/$target")
  [ ! -d "Fuzz/Regressions/$target" ] || folders+=("Fuzz/Regressions/$target")
  [ ! -d "$corpus/$target" ] || folders+=("$corpus/$target")
  case $target in
    FuzzReader | FuzzRecover) folders+=(Specs/Vectors/v1/valid Specs/Vectors/v1/invalid) ;;
  esac
  LLVM_PROFILE_FILE=$scratch/$target.profraw "$program" "${folders[@]}" -runs=0 \
    >"$scratch/$target.log" 2>&1
  "$tools/llvm-profdata" merge -sparse "$scratch/$target.profraw" -o "$scratch/$target.profdata"
  report "$scratch/$target.profdata" "$target" "$program"
  objects+=(-object "$program")
  profiles+=("$scratch/$target.profdata")
done
"$tools/llvm-profdata" merge -sparse "${profiles[@]}" -o "$scratch/all.profdata"
report "$scratch/all.profdata" all "${objects[@]:1:1}" "${objects[@]:2}"
