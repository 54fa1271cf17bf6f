# SPDX-License-Identifier: Apache-2.0
#
# The picture: size against speed, one panel for each recording and direction.
"""Draws bytes per event against events per second."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

from measure import SPEED_BLOCK  # noqa: E402
from report import is_own  # noqa: E402

MARKERS = "osD^v<>PX*hpd"


def draw(results, path):
  """Two rows of panels, encoding above decoding, one column for each recording."""
  names = list(dict.fromkeys(row.name for _, rows in results for row in rows if row.encode))
  colours = plt.get_cmap("tab20").colors
  figure, panels = plt.subplots(
    2, len(results), figsize=(3.1 * len(results), 7.2), squeeze=False, sharey="row")
  for column, (recording, rows) in enumerate(results):
    for line, what in enumerate(("encode", "decode")):
      panel = panels[line][column]
      for row in rows:
        speed = getattr(row, what)
        size = row.payload.get(SPEED_BLOCK, row.whole.get(SPEED_BLOCK))
        if not speed or size is None:
          continue
        own, index = is_own(row), names.index(row.name)
        panel.scatter(
          size, speed / 1e6, s=110 if own else 45, marker="*" if own else MARKERS[index % 13],
          color="black" if own else colours[index % 20], zorder=3 if own else 2)
        if own:
          panel.annotate(row.name.strip("*").split()[-1], (size, speed / 1e6), fontsize=7,
                         xytext=(4, 4), textcoords="offset points")
      panel.set_xscale("log")
      panel.set_yscale("log")
      panel.grid(True, which="major", alpha=0.3)
      panel.set_xlabel("bytes per event", fontsize=8)
      panel.tick_params(labelsize=7)
      if line == 0:
        panel.set_title(recording.name, fontsize=10)
      if column == 0:
        panel.set_ylabel(f"{what}, million events/s, one core", fontsize=8)
  handles = [
    plt.Line2D([], [], linestyle="", marker="*" if name.startswith("**") else MARKERS[i % 13],
               color="black" if name.startswith("**") else colours[i % 20], label=name.strip("*"))
    for i, name in enumerate(names)
  ]
  figure.legend(handles=handles, loc="lower center", ncol=6, fontsize=8, frameon=False)
  figure.suptitle("Size against speed, blocks of 65,536 events: better is to the left and up")
  figure.tight_layout(rect=(0, 0.07, 1, 0.98))
  figure.savefig(path, dpi=110)
