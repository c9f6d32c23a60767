// What one mark looks like, on the canvas and in the legend: shape = target,
// colour and letter = group, area = deaths.

import { UNKNOWN_DEATHS } from './codec.js';

export const SMALLEST = 4;
const SCALE = 1.9;
const LETTER_FROM = 6.5; // smallest radius that carries a letter

/** How far a place known only roughly may lie from its point. */
export const AREA_KM = 25;
export const REGION_KM = 80;

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

/** One event: {group, shape, r, unknown, dated, sharp, hollow}. `dated` is false where
 * its days lie partly outside the window, `sharp` where its place is an area that is
 * drawn around it; `hollow` stands for such an area where there is no room for it. */
export function paintMark(context, mark, x, y) {
  const { group, shape, r, unknown, dated, sharp, hollow } = mark;
  trace(context, shape, x, y, r);
  context.fillStyle = group.hollow
    ? 'rgba(255, 255, 255, 0.85)'
    : fade(group.colour, hollow ? 0.3 : dated && sharp ? 0.86 : 0.5);
  context.fill();
  if (group.hollow || hollow || !dated) {
    context.lineWidth = group.hollow || hollow ? 1.8 : 1.2;
    context.strokeStyle = group.colour;
  } else {
    context.lineWidth = 1.25;
    context.strokeStyle = 'rgba(255, 255, 255, 0.95)';
  }
  context.stroke();
  if (unknown) {
    context.beginPath();
    context.arc(x, y, 1.7, 0, 2 * Math.PI);
    context.fillStyle = group.hollow || hollow ? group.colour : '#FFFFFF';
    context.fill();
  } else if (lettered(mark)) {
    const size = Math.max(11, Math.min(r, 16));
    context.font = `700 ${size}px system-ui, "Liberation Sans", sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = group.hollow || hollow ? group.colour : group.ink;
    context.fillText(group.letter, x, y + size * 0.06);
  }
}

/** Whether a mark has room for its letter. */
export function lettered({ r, unknown }) {
  return !unknown && r >= LETTER_FROM;
}

/** A short text beside a mark or on a wash. */
export function paintTag(context, text, x, y) {
  context.font = '700 11px system-ui, "Liberation Sans", sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = 'rgba(255, 255, 255, 0.92)';
  context.strokeText(text, x, y);
  context.fillStyle = '#1b1b1b';
  context.fillText(text, x, y);
}

/** How many events a wash stands for, on a label of its own: its blurred dot tells it
 * from a name on the ground. */
export function paintCount(context, text, x, y) {
  context.font = '700 11px system-ui, "Liberation Sans", sans-serif';
  const wide = context.measureText(text).width + 25;
  const left = x - wide / 2;
  context.beginPath();
  context.roundRect(left, y - 9, wide, 18, 9);
  context.fillStyle = 'rgba(255, 255, 255, 0.94)';
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = 'rgba(34, 34, 34, 0.7)';
  context.stroke();
  for (const [r, opacity] of [[5.5, 0.25], [4, 0.3], [2.2, 0.5]]) {
    context.beginPath();
    context.arc(left + 10.5, y, r, 0, 2 * Math.PI);
    context.fillStyle = `rgba(34, 34, 34, ${opacity})`;
    context.fill();
  }
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = '#1b1b1b';
  context.fillText(text, left + 19, y + 0.5);
}

/** A wash for a place known to its region only: dense in the middle, no edge. */
export function paintWash(context, colour, x, y, reach) {
  const wash = context.createRadialGradient(x, y, 0, x, y, reach);
  wash.addColorStop(0, fade(colour, 0.42));
  wash.addColorStop(0.55, fade(colour, 0.26));
  wash.addColorStop(1, fade(colour, 0));
  context.fillStyle = wash;
  context.beginPath();
  context.arc(x, y, reach, 0, 2 * Math.PI);
  context.fill();
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
