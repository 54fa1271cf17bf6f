#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the C library that `make library` has built: headers, libraries, the pkg-config file.
#
#   [DESTDIR=FOLDER] Scripts/install-library.sh [--remove] PREFIX
set -euo pipefail

cd "$(dirname "$0")/.."
remove=no
if [ "${1:-}" = --remove ]; then
  remove=yes
  shift
fi
prefix=${1:?usage: Scripts/install-library.sh [--remove] PREFIX}
case $prefix in
  /*) ;;
  *) prefix=$PWD/$prefix ;;
esac
target=${DESTDIR:-}$prefix
headers=(inputtape.h inputtape_events.h)

if [ "$remove" = yes ]; then
  for header in "${headers[@]}"; do rm -f "$target/include/$header"; done
  rm -f "$target"/lib/libinputtape.so* "$target/lib/libinputtape.a" \
    "$target/lib/pkgconfig/inputtape.pc" "$target/bin/itape"
  echo "Removed from $target"
  exit 0
fi

built=.build/library
if [ ! -f "$built/version" ]; then
  echo "error: there is no $built: run make library" >&2
  exit 1
fi
install -d "$target/include" "$target/lib/pkgconfig"
for header in "${headers[@]}"; do
  install -m 644 "Sources/CInputTape/include/$header" "$target/include/$header"
done
install -m 644 "$built/libinputtape.a" "$target/lib/libinputtape.a"
cp -P "$built"/libinputtape.so* "$target/lib/"
# `&`, `|` and `\` mean something to sed.
escaped=$(printf '%s' "$prefix" | sed 's/[&|\\]/\\&/g')
sed -e "s|@PREFIX@|$escaped|" -e "s|@VERSION@|$(cat "$built/version")|" \
  Packaging/inputtape.pc.in >"$target/lib/pkgconfig/inputtape.pc"
chmod 644 "$target/lib/pkgconfig/inputtape.pc"
echo "Installed the C library below $target"
# Programs find the shared library by the loader's cache where that is a folder of the system's.
if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" -eq 0 ] && command -v ldconfig >/dev/null; then
  case $prefix in /usr | /usr/local) ldconfig ;; esac
fi
