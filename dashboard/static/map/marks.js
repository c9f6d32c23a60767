// What one mark looks like, on the canvas and in the legend: shape = target,
// colour and letter = group, area = deaths.

import { UNKNOWN_DEATHS } from './codec.js';

export const SMALLEST = 4;
const SCALE = 1.9;

/** Radius in pixels: area grows with deaths; the same for every filter and zoom. */
export function radiusOf(deaths) {
  if (deaths === UNKNOWN_DEATHS) return SMALLEST + 0.5;
  return Math.max(SMALLEST, SCALE * Math.sqrt(deaths));
}

// Distance from the centre to a corner, for a circle's area of radius 1.
const REACH = { diamond: 1.2533, square: 1.2533, triangle: 1.5551 };

/** Corners of a shape of the area of a circle of radius r; null for a circle. */
export function corners(shape, x, y, r) {
  const reach = (REACH[shape] ?? 0) * r;
  if (!reach) return null;
  const [count, turn] =
    shape === 'triangle' ? [3, -90] : shape === 'square' ? [4, -45] : [4, -90];
  return Array.from({ length: count }, (_, k) => {
    const angle = ((turn + (k * 360) / count) * Math.PI) / 180;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
}

export function trace(context, shape, x, y, r) {
  context.beginPath();
  const points = corners(shape, x, y, r);
  if (!points) {
    context.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  points.forEach(([px, py], k) => (k ? context.lineTo(px, py) : context.moveTo(px, py)));
  context.closePath();
}

/** Points of a star of five, as an operation is drawn. */
export function starPoints(x, y, r) {
  return Array.from({ length: 10 }, (_, k) => {
    const angle = ((-90 + k * 36) * Math.PI) / 180;
    const reach = k % 2 ? r * 0.45 : r;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
}

/** Black or white, whichever reads better on a colour such as #D55E00. */
export function inkOn(colour) {
  const light = luminance(colour);
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? '#000000' : '#FFFFFF';
}

/** Relative luminance of #RRGGBB or rgb(r, g, b), 0 to 1. */
export function luminance(colour) {
  const hex = /^#([0-9a-f]{6})/i.exec(colour.trim());
  const channels = hex
    ? [0, 2, 4].map((k) => parseInt(hex[1].slice(k, k + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  const [r, g, b] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** A colour with an opacity, from #RRGGBB. */
export function fade(colour, opacity) {
  const value = parseInt(colour.slice(1, 7), 16);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${opacity})`;
}
