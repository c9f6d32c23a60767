// Where events lie on the canvas, and which of them are in view.

import { PRECISION } from './codec.js';

/** The pixels of packed points for one view of the map.
 *
 * A view is {scale, x, y, size, ratio}: pixels = Mercator * scale - (x, y). There are
 * 65,536 longitudes and as many latitudes, so a view takes two tables of that size and
 * an event two looks into them, however many events there are. */
export class Placing {
  setColumns(columns) {
    this.columns = columns;
    this.xs = new Float32Array(columns.mercatorX.length);
    this.ys = new Float32Array(columns.mercatorY.length);
    this._inView = new Uint8Array(columns.n);
    this._near = new Int32Array(columns.n);
    this.view = null;
    this.turn = 0; // counts the views, so that others know when theirs is old
  }

  /** Take a view; one that is there already costs nothing. In view is what has a place
   * within the canvas, or so close beside it that a mark reaches in. */
  look(view, beside) {
    const { columns, xs, ys, view: before } = this;
    this.view = view;
    const same = before && ['scale', 'x', 'y', 'ratio'].every((key) => view[key] === before[key])
      && view.size.equals(before.size);
    if (same) return;
    this.turn += 1;
    for (let step = 0; step < xs.length; step++) {
      xs[step] = columns.mercatorX[step] * view.scale - view.x;
      ys[step] = columns.mercatorY[step] * view.scale - view.y;
    }
    const { lon, lat, precision } = columns;
    const right = view.size.x + beside;
    const bottom = view.size.y + beside;
    for (let i = 0; i < columns.n; i++) {
      const x = xs[lon[i]];
      const y = ys[lat[i]];
      this._inView[i] = x >= -beside && x < right && y >= -beside && y < bottom
        && precision[i] < PRECISION.country ? 1 : 0;
    }
  }

  x(i) {
    return this.xs[this.columns.lon[i]];
  }

  y(i) {
    return this.ys[this.columns.lat[i]];
  }

  /** Those of `found` that are in view; what is returned holds until the next call. */
  near(found) {
    const { _near: near, _inView: inView } = this;
    let size = 0;
    for (let k = 0; k < found.length; k++) if (inView[found[k]]) near[size++] = found[k];
    return near.subarray(0, size);
  }

  /** Pixels of a distance on the ground at the place of an event. */
  pixels(i, km) {
    const metres = 40075016.7 * Math.cos((this.columns.latitude(i) * Math.PI) / 180);
    return (km * 1000 * this.view.scale) / metres;
  }
}

/** Whether ascending positions hold one. */
export function holds(positions, i) {
  let low = 0;
  let high = positions.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (positions[middle] === i) return true;
    if (positions[middle] < i) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
