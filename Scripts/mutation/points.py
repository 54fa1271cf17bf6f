# SPDX-License-Identifier: Apache-2.0
#
# Where a Swift source can be mutated, and the source in which it is: for mutate.py.
"""places() finds them by tokens alone; rewrite() puts the choice into the text.

A binary operator `a < b` becomes `a .~ 7 .<~ b`, two operators of the same precedence that carry
the mutant's number; the functions behind them are in support.swift.txt.
"""

import re

COMPARISONS = {"<": "<=", ">": ">=", "<=": "<", ">=": ">", "==": "!=", "!=": "=="}
ADDITIONS = {"+": "-", "-": "+", "&+": "&-", "&-": "&+", "|": "&", "^": "&"}
PRODUCTS = {"*": "+", "/": "*", "%": "/", "&": "|", "&*": "&+"}
LOGIC = {"&&": "||", "||": "&&"}
TOKEN = re.compile(
    r"(?P<comment>//[^\n]*)|(?P<text>\"\"\".*?\"\"\"|#*\"(?:\\.|[^\"\\\n])*\"#*)"
    r"|(?P<name>[A-Za-z_$@#`][\w`]*)"
    r"|(?P<number>0[xb][0-9A-Fa-f_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:e-?\d+)?)"
    r"|(?P<operator>[-+*/%<>=!&|^~?.]+)|(?P<bracket>[()\[\]{}])|(?P<mark>[,:;])", re.S)
STATEMENT = re.compile(
    r"^( +)((?:try )?[a-z_][\w.]*(?:\[[^\]]*\])?(?:\(.*\)| (?:[-+*|&^]|&[-+*])?= .*))$")
NOT_STATEMENTS = ("let", "var", "return", "throw", "guard", "if", "for", "while", "switch", "case",
                  "default", "break", "continue", "func", "import", "precondition",
                  "preconditionFailure", "assert", "self.init", "init", "super", "defer", "else",
                  "do", "catch")
# What a wrong caller is told, and our own mistakes: no input reaches the other side of these.
CHECKS = ("precondition", "assert")
# How much memory is asked for ahead, which grows by itself.
HINTS = ("reserveCapacity", "reserving")


def tokens(text):
    return [(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(text)
            if m.lastgroup != "comment"]


def places(text):
    """Dictionaries: kind, what, start, end, line, last line, and the text of the line."""
    found, all_tokens = [], tokens(text)
    lines, idle = text.split("\n"), without_effect(all_tokens)

    def add(kind, what, start, end):
        if any(first <= start < last for first, last in idle):
            return
        line = text.count("\n", 0, start) + 1
        last = text.count("\n", 0, end) + 1
        found.append(dict(kind=kind, what=what, start=start, end=end, line=line, last=last,
                          text=lines[line - 1].strip()))

    for index, (kind, word, start) in enumerate(all_tokens):
        end = start + len(word)
        if kind == "operator" and text[start - 1].isspace() and text[end:end + 1].isspace():
            for family in (COMPARISONS, ADDITIONS, PRODUCTS, LOGIC):
                if word in family:
                    add("operator", f"{word} → {family[word]}", start, end)
        elif kind == "number" and word.replace("_", "").isalnum() and "." not in word:
            before = all_tokens[index - 1][1] if index else ""
            if before not in (".", "case", "@") and not before.startswith("@"):
                add("number", f"{word} → {word} + 1", start, end)
        elif kind == "name" and word in ("guard", "if") and text[start - 1] in " \n":
            for first, last in clauses(text, all_tokens, index):
                add(word, "always" if word == "guard" else "never", first, last)
    found += [place for place in statements(lines)
              if not re.search(r"\b(%s)\(" % "|".join(HINTS), place["text"])]
    return found


def without_effect(all_tokens):
    """The ranges of CHECKS and HINTS, where no change makes a difference that a test could see."""
    found = []
    for index, (_, word, start) in enumerate(all_tokens[:-1]):
        opens = index + 1 if word in CHECKS + HINTS[:1] else index - 1 if word in HINTS else -1
        if opens < 0 or all_tokens[opens][1] != "(":
            continue
        depth = 0
        for _, word, end in all_tokens[opens:]:
            depth += {"(": 1, ")": -1}.get(word, 0)
            if depth == 0:
                found.append((start, end))
                break
    return found


def clauses(text, all_tokens, index):
    """The conditions of a guard or an if that are plain truth values."""
    depth, start, name = 0, index + 1, all_tokens[index][1]
    for at in range(index + 1, min(index + 120, len(all_tokens))):
        kind, word, place = all_tokens[at]
        is_end = depth == 0 and (word == "else" if name == "guard" else word == "{")
        if depth == 0 and (is_end or word == ","):
            part = all_tokens[start:at]
            if part and part[0][1] not in ("let", "var", "case", "#available"):
                last = part[-1]
                yield part[0][2], last[2] + len(last[1])
            start = at + 1
        if is_end:
            return
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(word, 0)


def statements(lines):
    """Statements of one line that might be left out; what initialises cannot."""
    position, initialiser = 0, None
    for number, line in enumerate(lines):
        depth = len(line) - len(line.lstrip())
        if re.match(r" *(\w+ )*init[?(<]", line):
            initialiser = depth
        elif initialiser is not None and line.strip() == "}" and depth == initialiser:
            initialiser = None
        match = STATEMENT.match(line)
        before = lines[number - 1].strip() if number else ""
        after = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if match and initialiser is None and is_whole(match[2], before, after):
            start = position + len(match[1])
            yield dict(kind="statement", what="left out", start=start, end=position + len(line),
                       line=number + 1, last=number + 1, text=match[2])
        position += len(line) + 1


def is_whole(statement, before, after):
    first = re.split(r"[\s(.]", statement.removeprefix("try "))[0]
    pairs = all(statement.count(a) == statement.count(b) for a, b in ("()", "[]", "{}"))
    goes_on = after[:1] in ".?&|+-*<>=:" or after.startswith("else")
    is_inside = before.endswith((",", "(", "[", "=", "+", "-", "&&", "||", "?", ":", "return"))
    is_inside = is_inside and not re.match(r"(case|default)\b", before)
    return (first not in NOT_STATEMENTS and pairs and not goes_on and not is_inside
            and "//" not in statement)


def rewrite(text, points):
    """The text in which each point is chosen by its number; lines stay where they are."""
    edits = []
    for point in points:
        start, end, number = point["start"], point["end"], point["number"]
        word, kind = text[start:end], point["kind"]
        if kind == "operator":
            opening = (".~" if word in COMPARISONS else ".~+" if word in ADDITIONS
                       else ".~*" if word in PRODUCTS else f".~{word}")
            edits.append((start, 0, end, f"{opening} {number} .{word}~"))
        elif kind == "number":
            edits.append((start, 0, end, f"mutantNumber({number}, {word})"))
        else:
            head = {"guard": f"mutantAlways({number}, ", "if": f"mutantNever({number}, ",
                    "statement": f"if mutantIsAway({number}) {{ "}[kind]
            edits.append((start, start - end, start, head))
            edits.append((end, end - start, end, " }" if kind == "statement" else ")"))
    out, at = [], 0
    # What opens first stands outside; what closes at one place closes from inside.
    for start, order, end, new in sorted(edits, key=lambda e: (e[0], sort_key(e))):
        out += [text[at:start], new]
        at = max(end, start)
    return "".join(out) + text[at:]


def sort_key(edit):
    start, order, end, _ = edit
    if order > 0:
        return (0, order)
    return (1, order)
