// Events counted in hexagons of a fixed size on the screen.

import { PRECISION } from './codec.js';
import { inkOn } from './marks.js';
import { CLASSES, RAMP, classOf } from './scale.js';

const SIDE = 18; // pixels of a hexagon's side
const WIDE = SIDE * Math.sqrt(3);
const HIGH = SIDE * 1.5; // from one row to the next
const BESIDE = 4 * SIDE + WIDE; // pixels around the canvas: no event in view lies further
const OUTSIDE = 65535;
const INKS = RAMP.map(inkOn);

export class Bins {
  setScene(scene) {
    this.scene = scene;
    this._bin = new Uint16Array(scene.columns.n);
    this._turn = null;
  }

  /** Say for each event in which hexagon of this view it lies: a frame then counts. */
  _look() {
    const { columns, placing } = this.scene;
    if (this._turn === placing.turn) return;
    this._turn = placing.turn;
    const { view } = placing;
    // Rows and columns are counted from the map's corner, not from the canvas's, so
    // that a hexagon stays where it is when the map is dragged.
    const row = Math.floor((view.y - BESIDE) / HIGH);
    this._row = row - (row & 1);
    this._column = Math.floor((view.x - BESIDE) / WIDE);
    this._rows = Math.ceil((view.size.y + 2 * BESIDE) / HIGH) + 3;
    this._columns = Math.ceil((view.size.x + 2 * BESIDE) / WIDE) + 3;
    this.counts = new Uint32Array(this._rows * this._columns);
    for (let i = 0; i < columns.n; i++) {
      this._bin[i] = columns.precision[i] < PRECISION.region
        ? this._binAt(placing.x(i), placing.y(i)) : OUTSIDE;
    }
  }

  _binAt(x, y) {
    const { view } = this.scene.placing;
    const v = (y + view.y) / HIGH - this._row;
    const u = (x + view.x) / WIDE - this._column;
    let row = Math.round(v);
    let column = Math.round(u - (row & 1) / 2);
    const off = v - row;
    if (Math.abs(off) * 3 > 1) {
      // Close to the next row, where two hexagons share the band: the nearer middle.
      const next = row + (off < 0 ? -1 : 1);
      const beside = Math.round(u - (next & 1) / 2);
      const far = (r, c) => ((u - c - (r & 1) / 2) * WIDE) ** 2 + ((v - r) * HIGH) ** 2;
      if (far(next, beside) < far(row, column)) [row, column] = [next, beside];
    }
    if (row < 0 || row >= this._rows || column < 0 || column >= this._columns) return OUTSIDE;
    return row * this._columns + column;
  }

  paint(context, near) {
    this._look();
    this.near = near;
    const { _bin: bin, counts } = this;
    counts.fill(0);
    let counted = 0;
    for (let k = 0; k < near.length; k++) {
      const b = bin[near[k]];
      if (b === OUTSIDE) continue;
      counts[b]++;
      counted++;
    }
    this._paintHexagons(context);
    return counted;
  }

  _paintHexagons(context) {
    const corners = Array.from({ length: 6 }, (_, k) => {
      const angle = ((k * 60 - 90) * Math.PI) / 180;
      return [SIDE * Math.cos(angle), SIDE * Math.sin(angle)];
    });
    context.lineWidth = 1;
    context.strokeStyle = 'rgba(255, 255, 255, 0.9)';
    CLASSES.forEach((least, k) => {
      context.beginPath();
      this._each(k, (x, y) => {
        corners.forEach(([dx, dy], n) => context[n ? 'lineTo' : 'moveTo'](x + dx, y + dy));
        context.closePath();
      });
      context.fillStyle = RAMP[k];
      context.globalAlpha = 0.88;
      context.fill();
      context.globalAlpha = 1;
      context.stroke();
    });
    context.font = '600 11px system-ui, "Liberation Sans", sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    CLASSES.forEach((least, k) => {
      context.fillStyle = INKS[k];
      this._each(k, (x, y, count) => context.fillText(this.scene.brief(count), x, y + 0.5));
    });
  }

  /** Call with middle and count of each hexagon of a class. */
  _each(k, act) {
    const { view } = this.scene.placing;
    this.counts.forEach((count, b) => {
      if (!count || classOf(count) !== k) return;
      const row = Math.floor(b / this._columns);
      const column = b % this._columns;
      const x = (column + this._column + (row & 1) / 2) * WIDE - view.x;
      act(x, (row + this._row) * HIGH - view.y, count);
    });
  }

  hit(x, y) {
    const wanted = this._binAt(x, y);
    if (wanted === OUTSIDE) return [];
    return [...this.near.filter((i) => this._bin[i] === wanted)];
  }

  pointOf(i) {
    const { placing } = this.scene;
    return { i, x: placing.x(i), y: placing.y(i), r: 6 };
  }
}
