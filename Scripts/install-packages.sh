#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the system libraries that the build links: Zstandard and zlib, with their headers.
# `install-packages.sh test` also installs what the tests of live capture need: an X server without
# a screen, xdotool, and the X11 libraries; without them these tests are skipped.
#
# Does nothing where they are there already. On Debian and Ubuntu it uses apt-get (through sudo
# when it is not root); on other systems it says what to install.
set -euo pipefail

has_header() {
  local folder
  for folder in /usr/include /usr/local/include /opt/homebrew/include; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

missing=()
has_header zstd.h || missing+=(libzstd-dev)
has_header zlib.h || missing+=(zlib1g-dev)
# C hosts find the library with it.
command -v pkg-config >/dev/null || [ "$(uname)" = Darwin ] || missing+=(pkg-config)

if ! command -v swift >/dev/null; then
  echo "error: no swift in PATH: install Swift 6.2 or later, https://www.swift.org/install" >&2
  exit 1
fi
optional=()
if [ "${1:-}" = test ] && [ "$(uname)" = Linux ]; then
  command -v Xvfb >/dev/null || optional+=(xvfb)
  command -v xdotool >/dev/null || optional+=(xdotool)
  for library in libX11.so.6:libx11-6 libXi.so.6:libxi6 libXtst.so.6:libxtst6; do
    compgen -G "/usr/lib*/${library%%:*}" >/dev/null \
      || compgen -G "/usr/lib/*/${library%%:*}" >/dev/null || optional+=("${library#*:}")
  done
fi
[ "$((${#missing[@]} + ${#optional[@]}))" -gt 0 ] || exit 0

if [ "$(uname)" = Darwin ]; then
  # The SDK brings zlib; its header is not in a folder of ours.
  [ "${missing[*]}" = zlib1g-dev ] && exit 0
  echo "error: Zstandard is missing: brew install zstd" >&2
  exit 1
fi
if [ "${#missing[@]}" -eq 0 ] && { ! command -v apt-get >/dev/null \
  || { [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; }; }; then
  echo "note: without ${optional[*]} the tests that need an X server are skipped"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "error: the headers of Zstandard or zlib are missing; install them, for example:" >&2
  echo "  Fedora: sudo dnf install libzstd-devel zlib-devel" >&2
  echo "  Arch:   sudo pacman -S zstd zlib" >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "error: run as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "Installing ${missing[*]} ${optional[*]}"
export DEBIAN_FRONTEND=noninteractive
# An outdated list may still name a package that can be fetched, and the other way round.
"${as_root[@]}" apt-get update -qq || echo "warning: apt-get update failed" >&2
if [ "${#missing[@]}" -gt 0 ]; then
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
if [ "${#optional[@]}" -gt 0 ]; then
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${optional[@]}" \
    || echo "note: without ${optional[*]} the tests that need an X server are skipped"
fi
