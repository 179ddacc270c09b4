"""A sheet to draw on: shapes become SVG, which libvips turns into pixels."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyvips

Point = tuple[float, float]
Paint = str


class Sheet:
    """Shapes in pixels from the upper left corner, each over those before it. Keywords are SVG's attributes."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._definitions: list[str] = []
        self._body: list[str] = []

    # ------------------------------------------------------------------ paints

    def down(self, *stops: str | tuple[float, str, float]) -> Paint:
        """A gradient from a shape's top to its bottom: colours, or (offset, colour, opacity) each."""
        return self._gradient("linearGradient", stops, x2=0, y2=1)

    def across(self, *stops: str | tuple[float, str, float]) -> Paint:
        """A gradient from a shape's left to its right."""
        return self._gradient("linearGradient", stops, x2=1, y2=0)

    def round(self, *stops: str | tuple[float, str, float], cx: float = 0.5, cy: float = 0.5, r: float = 0.5) -> Paint:
        """A gradient from a point within a shape outwards; `cx`, `cy` and `r` are fractions of the shape."""
        return self._gradient("radialGradient", stops, cx=cx, cy=cy, r=r)

    def _gradient(self, kind: str, stops: tuple[str | tuple[float, str, float], ...], **attributes: float) -> Paint:
        spread = [
            stop if isinstance(stop, tuple) else (at / max(1, len(stops) - 1), stop, 1.0)
            for at, stop in enumerate(stops)
        ]
        inner = "".join(f'<stop offset="{o:.3f}" stop-color="{c}" stop-opacity="{a:.3f}"/>' for o, c, a in spread)
        return f"url(#{self._define(kind, inner, **attributes)})"

    def clip(self, points: Iterable[Point]) -> str:
        """The reference of a clipping outline, for `group(clip_path=…)`."""
        outline = f'<path d="{_straight(points)}Z"/>'
        return f"url(#{self._define('clipPath', outline)})"

    def _define(self, kind: str, inner: str, **attributes: Any) -> str:
        name = f"d{len(self._definitions)}"
        self._definitions.append(f'<{kind} id="{name}"{_written(attributes)}>{inner}</{kind}>')
        return name

    # ------------------------------------------------------------------ shapes

    def fill(self, paint: Paint, **attributes: Any) -> None:
        self.rect(0, 0, self.width, self.height, paint, **attributes)

    def rect(self, x: float, y: float, width: float, height: float, paint: Paint, **attributes: Any) -> None:
        self._add("rect", x=x, y=y, width=width, height=height, fill=paint, **attributes)

    def disc(self, x: float, y: float, r: float, paint: Paint, **attributes: Any) -> None:
        self._add("circle", cx=x, cy=y, r=r, fill=paint, **attributes)

    def ellipse(self, x: float, y: float, rx: float, ry: float, paint: Paint, **attributes: Any) -> None:
        self._add("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=paint, **attributes)

    def area(self, points: Iterable[Point], paint: Paint, **attributes: Any) -> None:
        """A polygon."""
        self._add("path", d=_straight(points) + "Z", fill=paint, **attributes)

    def blob(self, points: list[Point], paint: Paint, **attributes: Any) -> None:
        """A closed, smooth outline through the points."""
        self._add("path", d=_start(points) + curve([points[-1], *points, *points[:2]]) + "Z", fill=paint, **attributes)

    def line(self, points: list[Point], paint: Paint, width: float, **attributes: Any) -> None:
        """A smooth stroke with round ends through the points."""
        stroke = {"stroke": paint, "stroke_width": width, "stroke_linecap": "round", "stroke_linejoin": "round"}
        self._add(
            "path", d=_start(points) + curve([points[0], *points, points[-1]]), fill="none", **(stroke | attributes)
        )

    def path(self, d: str, paint: Paint, **attributes: Any) -> None:
        self._add("path", d=d, fill=paint, **attributes)

    def land(self, crest: list[Point], paint: Paint, **attributes: Any) -> None:
        """What lies below a crest that runs from left to right, down to the sheet's lower edge."""
        self.area([*crest, (crest[-1][0], self.height), (crest[0][0], self.height)], paint, **attributes)

    @contextmanager
    def group(self, **attributes: Any) -> Iterator[None]:
        """Shapes drawn inside share a transform, an opacity or a clip."""
        self._body.append(f"<g{_written(attributes)}>")
        yield
        self._body.append("</g>")

    def _add(self, kind: str, **attributes: Any) -> None:
        if "opacity" in attributes:  # as SVG's `opacity`, every shape would be blended by itself: ten times slower
            attributes["fill_opacity"] = attributes.pop("opacity")
        self._body.append(f"<{kind}{_written(attributes)}/>")

    # ------------------------------------------------------------------ pixels

    def image(self) -> Any:
        """The drawing as four bands, transparent where nothing was drawn."""
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}">'
            f"<defs>{''.join(self._definitions)}</defs>{''.join(self._body)}</svg>"
        )
        # Closed where strangers' files are read, in services/imaging; this drawing is our own.
        pyvips.operation_block_set("VipsForeignLoadSvg", False)
        return pyvips.Image.svgload_buffer(svg.encode(), unlimited=True).copy_memory()


def _written(attributes: dict[str, Any]) -> str:
    texts = {name: value if isinstance(value, str) else f"{value:.6g}" for name, value in attributes.items()}
    return "".join(f' {name.replace("_", "-")}="{text}"' for name, text in texts.items())


def _straight(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _start(points: list[Point]) -> str:
    return f"M{points[0][0]:.1f} {points[0][1]:.1f}"


def curve(around: list[Point]) -> str:
    """Catmull-Rom as Bézier curves from the second point to the last but one; the outer two only say how it bends.

    The tangent at a point is parallel to the line between its neighbours.
    """
    pieces = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(around, around[1:], around[2:], around[3:], strict=False):
        handles = bx + (cx - ax) / 6, by + (cy - ay) / 6, cx - (dx - bx) / 6, cy - (dy - by) / 6
        pieces.append("C" + " ".join(f"{place:.1f}" for place in (*handles, cx, cy)))
    return "".join(pieces)
