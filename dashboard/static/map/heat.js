// Events as a density: each adds a soft spot of height 1, and the sum is coloured on the
// same fixed scale as the counts of hexagons.

import { PRECISION } from './codec.js';
import { inkOf } from './scale.js';

const CELL = 4; // pixels of the screen for one of the image
const RADIUS = 2; // cells to either side that one pass of the blur takes in
const PASSES = 3; // three such passes make nearly a bell
const BESIDE = 18 * CELL; // pixels around the canvas: no event in view lies further
const NEAREST = 2; // times the slack of a finger: how far an event may lie from it

/** Height of a spot after the blur, along one of its two directions. */
const PEAK = (() => {
  let line = new Float64Array(2 * RADIUS * PASSES + 1);
  line[RADIUS * PASSES] = 1;
  for (let pass = 0; pass < PASSES; pass++) {
    line = line.map((_, k) => {
      let sum = 0;
      for (let d = -RADIUS; d <= RADIUS; d++) sum += line[k + d] ?? 0;
      return sum / (2 * RADIUS + 1);
    });
  }
  return line[RADIUS * PASSES];
})();

export class Heat {
  constructor() {
    this.canvas = document.createElement('canvas');
  }

  setScene(scene) {
    this.scene = scene;
    this._cell = new Uint32Array(scene.columns.n);
    this._turn = null;
  }

  /** Say for each event in which cell of this view it lies: a frame then counts. */
  _look() {
    const { columns, placing } = this.scene;
    if (this._turn === placing.turn) return;
    this._turn = placing.turn;
    const { size } = placing.view;
    const width = Math.ceil((size.x + 2 * BESIDE) / CELL);
    const height = Math.ceil((size.y + 2 * BESIDE) / CELL);
    if (width !== this.width || height !== this.height) {
      Object.assign(this, { width, height });
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = new ImageData(width, height);
      this.inks = new Uint32Array(this.image.data.buffer);
      this.grid = new Float32Array(width * height);
      this.spare = new Float32Array(width * height);
    }
    for (let i = 0; i < columns.n; i++) {
      // Only cells of events in view are ever asked for.
      const x = ((placing.x(i) + BESIDE) / CELL) | 0;
      const y = ((placing.y(i) + BESIDE) / CELL) | 0;
      this._cell[i] = y * width + x;
    }
  }

  paint(context, near) {
    this._look();
    this.near = near;
    const { grid, _cell: cell, inks } = this;
    const { precision } = this.scene.columns;
    grid.fill(0);
    let counted = 0;
    for (let k = 0; k < near.length; k++) {
      const i = near[k];
      if (precision[i] === PRECISION.region) continue;
      grid[cell[i]]++;
      counted++;
    }
    this._blur();
    const height = 1 / PEAK ** 2;
    for (let k = 0; k < grid.length; k++) inks[k] = inkOf(this.grid[k] * height);
    const pen = this.canvas.getContext('2d');
    pen.putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(
      this.canvas, -BESIDE, -BESIDE, this.width * CELL, this.height * CELL,
    );
    return counted;
  }

  _blur() {
    const { width, height } = this;
    for (let pass = 0; pass < PASSES; pass++) {
      slide(this.grid, this.spare, width, 1, height, width);
      slide(this.spare, this.grid, height, width, width, 1);
    }
  }

  /** The events at the nearest point. */
  hit(x, y, slack) {
    const { near } = this;
    const { xs, ys } = this.scene.placing;
    const { lon, lat, precision } = this.scene.columns;
    let best = -1;
    let least = (NEAREST * slack) ** 2;
    for (let k = 0; k < near.length; k++) {
      const i = near[k];
      const dx = xs[lon[i]] - x;
      const dy = ys[lat[i]] - y;
      const far = dx * dx + dy * dy;
      if (far > least || precision[i] === PRECISION.region) continue;
      least = far;
      best = i;
    }
    if (best < 0) return [];
    const same = (i) => lon[i] === lon[best] && lat[i] === lat[best];
    return [...near.filter((i) => same(i) && precision[i] !== PRECISION.region)];
  }

  pointOf(i) {
    const { placing } = this.scene;
    return { i, x: placing.x(i), y: placing.y(i), r: 6 };
  }
}

/** The mean of each value and its neighbours, along `lines` lines of `length` values
 * that lie `step` apart; lines begin `stride` apart. Beyond the ends there is nothing. */
function slide(from, to, length, step, lines, stride) {
  const share = 1 / (2 * RADIUS + 1);
  for (let line = 0; line < lines; line++) {
    const begin = line * stride;
    let sum = 0;
    for (let k = 0; k < RADIUS; k++) sum += from[begin + k * step];
    for (let k = 0; k < length; k++) {
      if (k + RADIUS < length) sum += from[begin + (k + RADIUS) * step];
      to[begin + k * step] = sum * share;
      if (k >= RADIUS) sum -= from[begin + (k - RADIUS) * step];
    }
  }
}
