# SPDX-License-Identifier: Apache-2.0
#
# The Markdown tables.
"""Writes what was measured as Markdown."""

from measure import BLOCK_SIZES

OWN = "**InputTape "


def is_own(row):
  return row.name.startswith(OWN)


def number(value, digits=3):
  return "–" if value is None else f"{value:.{digits}f}"


def millions(value):
  return "–" if value is None else f"{value / 1e6:.{2 if value < 1e7 else 0}f}"


def table(head, rows):
  lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
  return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def best(rows, block_events, only_named):
  """The smallest payload of the peers at a block size, and whose it is."""
  sizes = [
    (row.payload[block_events], row.name) for row in rows
    if not is_own(row) and (row.named or not only_named) and block_events in row.payload
  ]
  return min(sizes)


def against(size, peer):
  """A size beside the best peer's: the difference in percent, and whether it is no larger."""
  if size is None:
    return "–"
  percent = (size / peer - 1) * 100
  return f"{size:.3f} ({percent:+.1f} % {'✓' if size <= peer else '✗'})"


def size_table(results):
  """For each recording and block size: InputTape's files beside the smallest peer."""
  body = []
  for recording, rows in results:
    own = {row.name.removeprefix(OWN).rstrip("*"): row for row in rows if is_own(row)}
    for block_events in BLOCK_SIZES:
      peer, name = best(rows, block_events, True)
      any_peer, any_name = best(rows, block_events, False)
      cells = [recording.name, f"{block_events:,}", f"{peer:.3f} {name}",
               f"{any_peer:.3f} {any_name}"]
      for preset in ("fast", "balanced", "compact"):
        row = own.get(preset)
        cells.append(against(row.whole.get(block_events) if row else None, peer))
      for preset in ("balanced", "compact"):
        row = own.get(preset)
        cells.append(against(row.payload.get(block_events) if row else None, peer))
      body.append(cells)
  head = ["recording", "events a block", "best peer", "best of all rows",
          "fast, whole file", "balanced, whole file", "compact, whole file",
          "balanced, sections", "compact, sections"]
  return table(head, body)


def averages(results):
  """One line per preset and block size: the mean difference to the best peer."""
  lines = []
  for preset in ("fast", "balanced", "compact"):
    for block_events in BLOCK_SIZES:
      for what in ("whole", "payload"):
        percents = []
        for _, rows in results:
          peer, _ = best(rows, block_events, True)
          for row in rows:
            sizes = getattr(row, what)
            if row.name == f"{OWN}{preset}**" and block_events in sizes:
              percents.append((sizes[block_events] / peer - 1) * 100)
        if percents:
          mean = sum(percents) / len(percents)
          word = "whole files" if what == "whole" else "sections"
          lines.append(
            f"| {preset} | {block_events:,} | {word} | {mean:+.1f} % | {max(percents):+.1f} % | "
            f"{sum(p <= 0 for p in percents)} of {len(percents)} |")
  if not lines:
    return ""
  head = "| preset | events a block | what | mean | worst | no larger |\n"
  head += "|---|---:|---|---:|---:|---:|\n"
  return head + "\n".join(lines) + "\n"


def full_table(rows):
  """Everything about one recording."""
  head = ["", *[f"payload @{size:,}" for size in BLOCK_SIZES],
          *[f"files @{size:,}" for size in BLOCK_SIZES], "encode", "decode"]
  return table(head, [
    [row.name, *[number(row.payload.get(size)) for size in BLOCK_SIZES],
     *[number(row.whole.get(size)) for size in BLOCK_SIZES],
     millions(row.encode), millions(row.decode)]
    for row in rows
  ])


def size_report(results, notes):
  """What `make bench-size` prints."""
  text = (
    "Bytes per event. Best peer: the smallest payload of pcodec 12, Parquet zstd-19, OpenZL and "
    "blosc2. ✓: no larger than the best peer.\n\n" + size_table(results))
  mean = averages(results)
  if mean:
    text += "\nDifference to the best peer, over all recordings:\n\n" + mean
  return text + "".join(f"\nNote: {note}.\n" for note in notes)


def full_report(results, notes, machine):
  """What `make bench-peers` prints and writes down."""
  text = "# InputTape and its peers, measured side by side\n\n"
  text += f"{machine} `make bench-peers` reproduces this page; "
  text += "`Benchmarks/README.md` explains it.\n"
  text += "\n## Sizes against the best peer\n\n" + size_report(results, notes)
  text += "\n## Everything, per recording\n\n"
  text += "Sizes in bytes per event; speeds in million events/s, one core.\n"
  for recording, rows in results:
    left = f", {recording.left_out} events of text kinds left out" if recording.left_out else ""
    text += f"\n### {recording.name}: {len(recording):,} events, "
    text += f"clock in {recording.unit}{left}\n\n"
    text += full_table(rows)
  return text
