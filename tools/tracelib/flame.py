# SPDX-License-Identifier: BSD-2-Clause
"""Flame graphs: folded stacks as text, and as a picture in SVG without scripts."""

from collections import defaultdict
from xml.sax.saxutils import escape, quoteattr

WIDTH, ROW, MARGIN = 1200, 18, 10
NARROW = 0.3            # narrower boxes (pixels) are not drawn
LETTER = 7              # pixels
COLOURS = ("#e66b3d", "#e8894a", "#eaa457", "#edbc64", "#d9843b", "#e0993f")


def folded(stacks):
    """Return lines "a;b;c count", the input format of other flame graph programs."""
    return [f"{';'.join(stack)} {count}" for stack, count in sorted(stacks.items())]


def tree(stacks):
    """name -> (total, children), from the root on."""
    root = [0, {}]
    for stack, count in stacks.items():
        node = root
        node[0] += count
        for name in stack:
            node = node[1].setdefault(name, [0, {}])
            node[0] += count
    return root


def boxes(node, left, scale, depth, out):
    for name, child in sorted(node[1].items(), key=lambda item: -item[1][0]):
        width = child[0] * scale
        if width >= NARROW:
            out[depth].append((left, width, name, child[0]))
            boxes(child, left, scale, depth + 1, out)
        left += width


def svg(stacks, title):
    """Draw the picture."""
    root = tree(stacks)
    rows = defaultdict(list)
    if root[0]:
        boxes(root, MARGIN, (WIDTH - 2 * MARGIN) / root[0], 0, rows)
    height = (len(rows) + 3) * ROW
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
             'font-family="monospace" font-size="11">',
             f'<rect width="{WIDTH}" height="{height}" fill="#fffdf8"/>',
             f'<text x="{MARGIN}" y="{ROW - 4}" font-size="13">{escape(title)}</text>']
    for depth, row in sorted(rows.items()):
        top = (depth + 1) * ROW
        for left, width, name, count in row:
            colour = COLOURS[sum(name.encode()) % len(COLOURS)]
            share = 100 * count / root[0]
            lines.append(f'<g><title>{escape(name)}: {count} ({share:.1f} %)</title>'
                         f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 1}" '
                         f'fill={quoteattr(colour)}/>')
            room = int((width - 4) / LETTER)
            if room >= 3:
                text = name if len(name) <= room else name[:room - 2] + ".."
                lines.append(f'<text x="{left + 3:.1f}" y="{top + ROW - 6}">{escape(text)}</text>')
            lines.append("</g>")
    return "\n".join(lines + ["</svg>"]) + "\n"
