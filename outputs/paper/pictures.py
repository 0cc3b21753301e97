"""Charts as parts of a page: their SVG without what belongs to a file of its own, with a title and a description."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from stepdown.outputs.charts.chart import Chart, svg
from stepdown.outputs.words.wording import printable

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_HREF = f"{{{_XLINK}}}href"


def inline_svg(chart: Chart) -> str:
    """Return a chart as an element of a page.

    Names within the picture begin with the chart's own, because a page holds several; rules for the whole document
    become the picture's own.
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(printable(svg(chart)))
    for part in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}defs/{{{_SVG}}}style"):
        _remove(root, part)
    _rename(root, chart.name)
    for size in ("width", "height", "aria-label"):
        root.attrib.pop(size, None)
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    root.set("aria-labelledby", f"{chart.name}-title {chart.name}-description")
    for at, (tag, text) in enumerate((("title", chart.title), ("desc", chart.alternative_text))):
        name = "title" if tag == "title" else "description"
        element = ElementTree.Element(f"{{{_SVG}}}{tag}", {"id": f"{chart.name}-{name}"})
        element.text = printable(text)
        root.insert(at, element)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _remove(root: ElementTree.Element, path: str) -> None:
    parents = {child: parent for parent in root.iter() for child in parent}
    for found in root.findall(path):
        parents[found].remove(found)


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Put a prefix before every name, and before every mention of one."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{prefix}-{value}")
            elif key in {_HREF, "href"} and value.startswith("#"):
                element.set(key, f"#{prefix}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, re.sub(r"url\(#([^)]*)\)", rf"url(#{prefix}-\1)", value))
