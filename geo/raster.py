"""A grid that knows which region a whole cell lies in, so that few points are asked.

A point in a cell that no border comes near has the region of that cell; only points in
the other cells need the polygons. The answer is the same as that of the polygons, and
a join of millions of points takes a fraction of the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

ASK = -1
"""A cell whose points must be held against the polygons."""

CELL_DEGREES = 0.01
"""Width of a cell, about 1 km: borders then come near a few cells in a hundred."""


@dataclass(frozen=True, eq=False)
class UnitRaster:
    """Which polygon each cell of a grid lies in.

    Attributes
    ----------
    cells : ndarray of int16
        Position of the polygon, or ``ASK``; rows from south to north.
    west, south : float
        Corner of the grid, in degrees.
    step : float
        Width of a cell, in degrees.
    """

    cells: NDArray[np.int16]
    west: float
    south: float
    step: float = CELL_DEGREES

    def find(
        self, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
    ) -> NDArray[np.int16]:
        """Return the polygon of each point where its cell knows it, else ``ASK``.

        Parameters
        ----------
        longitude, latitude : ndarray of float
            Points in degrees; NaN and points beyond the grid are answered ``ASK``.
        """
        rows, columns = self.cells.shape
        with np.errstate(invalid="ignore"):
            x = np.floor((longitude - self.west) / self.step)
            y = np.floor((latitude - self.south) / self.step)
            within = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
        at = np.where(within, y * columns + x, 0).astype(np.int64)
        return np.where(within, self.cells.ravel()[at], np.int16(ASK)).astype(np.int16)


def rasterize(shapes: NDArray[np.object_], step: float = CELL_DEGREES) -> UnitRaster:
    """Lay a grid over polygons.

    Parameters
    ----------
    shapes : ndarray of shapely geometry
        Polygons or multipolygons in degrees; they may touch. A cell near the edge of
        any of them is marked ``ASK``, so overlaps and gaps cost time, not truth.
    step : float, optional
        Width of a cell, in degrees.

    Returns
    -------
    UnitRaster
        Over the box around all shapes.

    Raises
    ------
    ValueError
        If there is nothing to lay it over, or more polygons than a cell can name.
    """
    if not len(shapes) or len(shapes) > np.iinfo(np.int16).max:
        raise ValueError(f"{len(shapes)} polygons, expected 1 to 32767")
    west, south, east, north = shapely.total_bounds(shapes)
    columns = int(np.ceil((east - west) / step)) + 1
    rows = int(np.ceil((north - south) / step)) + 1
    grid = Image.new("I;16", (columns, rows), 0)
    pen = ImageDraw.Draw(grid)
    # The middle of pixel k is k for the pen, and half a cell further in degrees.
    shift = 0.5

    def pixels(ring: shapely.LinearRing) -> list[tuple[float, float]]:
        points = shapely.get_coordinates(ring)
        x = (points[:, 0] - west) / step - shift
        y = (points[:, 1] - south) / step - shift
        return list(zip(x.tolist(), y.tolist(), strict=True))

    holes = []
    for position, shape in enumerate(shapes):
        for part in shapely.get_parts(shape):
            pen.polygon(pixels(part.exterior), fill=position + 1)
            holes += list(part.interiors)
    cells = np.asarray(grid, dtype=np.int32) - 1
    cells[_near_lines(shapes, (rows, columns), west, south, step)] = ASK
    if holes:
        # Whether another polygon fills a hole or not, its points are asked.
        inner = Image.new("1", (columns, rows), 0)
        for ring in holes:
            ImageDraw.Draw(inner).polygon(pixels(ring), fill=1)
        cells[np.asarray(inner)] = ASK
    return UnitRaster(cells.astype(np.int16), float(west), float(south), step)


def _near_lines(
    shapes: NDArray[np.object_],
    size: tuple[int, int],
    west: float,
    south: float,
    step: float,
) -> NDArray[np.bool_]:
    """Return the cells that an edge crosses, and those that touch them."""
    rows, columns = size
    edges = shapely.segmentize(shapely.boundary(shapes), step / 2)
    points = shapely.get_coordinates(edges)
    x = np.clip(((points[:, 0] - west) / step).astype(int), 0, columns - 1)
    y = np.clip(((points[:, 1] - south) / step).astype(int), 0, rows - 1)
    crossed = np.zeros((rows + 2, columns + 2), dtype=bool)
    # Points lie half a cell apart, so an edge may cut a corner between two of them:
    # the neighbours of each marked cell are marked too.
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            crossed[y + down, x + right] = True
    return crossed[1:-1, 1:-1]
