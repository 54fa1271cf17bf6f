# SPDX-License-Identifier: Apache-2.0
#
# The picture: size against speed, one row of two panels for each recording.
"""Draws bytes per event against events per second."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator  # noqa: E402

from measure import SPEED_BLOCK  # noqa: E402
from report import is_own  # noqa: E402

MARKERS = "osD^v<>PX*hpd"
SIZES = [0.5, 1, 2, 3, 5, 10, 20, 40]
SPEEDS = [0.1, 1, 10, 100, 1000]


def draw(results, path):
  """A row for each recording, encoding on the left and decoding on the right."""
  names = list(dict.fromkeys(row.name for _, rows in results for row in rows if row.encode))
  figure, panels = plt.subplots(
    len(results), 2, figsize=(10, 2.5 * len(results) + 1.2), squeeze=False, sharex="all",
    sharey="all")
  for line, (recording, rows) in enumerate(results):
    for column, what in enumerate(("encode", "decode")):
      panel = panels[line][column]
      for row in rows:
        mark(panel, row, getattr(row, what), names)
      axes(panel)
      panel.set_title(f"{recording.name}, {what}", fontsize=9, loc="left")
      if column == 0:
        panel.set_ylabel("million events/s,\none core", fontsize=8)
      if line == len(results) - 1:
        panel.set_xlabel("bytes per event", fontsize=8)
  handles = [
    plt.Line2D([], [], linestyle="", label=name.strip("*"), **style(name, names))
    for name in names
  ]
  height = figure.get_figheight()
  figure.legend(handles=handles, loc="lower center", ncol=4, fontsize=8, frameon=False)
  figure.suptitle("Size against speed, blocks of 65,536 events: better is to the left and up",
                  fontsize=11, y=1 - 0.15 / height)
  figure.tight_layout(rect=(0, 1.1 / height, 1, 1 - 0.35 / height))
  figure.savefig(path, dpi=100)
  plt.close(figure)


def style(name, names):
  """The look of one contestant: stars for InputTape, colours for the peers."""
  index = names.index(name)
  if name.startswith("**"):
    return {"marker": "*", "color": ["black", "crimson", "royalblue"][index % 3], "markersize": 12}
  return {"marker": MARKERS[index % len(MARKERS)], "markersize": 6,
          "color": plt.get_cmap("tab20").colors[index % 20]}


def mark(panel, row, speed, names):
  """One contestant in one panel: whole files for InputTape, payload for peers."""
  size = row.payload.get(SPEED_BLOCK)
  if is_own(row):
    size = row.whole.get(SPEED_BLOCK)
  if speed and size is not None:
    panel.plot([size], [speed / 1e6], linestyle="", zorder=3 if is_own(row) else 2,
               **style(row.name, names))


def axes(panel):
  """Logarithmic axes with plain numbers."""
  panel.set_xscale("log")
  panel.set_yscale("log")
  for axis, ticks in ((panel.xaxis, SIZES), (panel.yaxis, SPEEDS)):
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
  panel.grid(True, alpha=0.3)
  panel.tick_params(labelsize=7, labelbottom=True)
