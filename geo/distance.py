"""Distances on the sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Mean radius of the Earth; the sphere is off the ellipsoid by 0.5 % at most.
EARTH_RADIUS_KM = 6371.0088


def haversine_km(
    latitude: ArrayLike,
    longitude: ArrayLike,
    other_latitude: ArrayLike,
    other_longitude: ArrayLike,
) -> NDArray[np.float64]:
    """Great-circle distance between points, element by element.

    Parameters
    ----------
    latitude, longitude : array_like
        First points, in degrees.
    other_latitude, other_longitude : array_like
        Second points, in degrees; shapes broadcast against the first.

    Returns
    -------
    ndarray
        Distances in kilometres, of the broadcast shape; NaN where a point is.
    """
    phi, lam, other_phi, other_lam = (
        np.radians(np.asarray(degrees, dtype="float64"))
        for degrees in (latitude, longitude, other_latitude, other_longitude)
    )
    half = (
        np.sin((other_phi - phi) / 2) ** 2
        + np.cos(phi) * np.cos(other_phi) * np.sin((other_lam - lam) / 2) ** 2
    )
    # Rounding can push the value past 1 for antipodes.
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
