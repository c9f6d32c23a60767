// The legend: always there, in the app and in exports. On a narrow screen it folds
// to one line that still shows the letters and colours.

import { el, put, setText, svg } from './dom.js';
import { corners, inkOn, radiusOf, starPoints } from './marks.js';

const TOLLS = [1, 10, 50, 200];

const list = (points) => points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ');

function icon(size, ...children) {
  const box = { width: size, height: size, viewBox: `0 0 ${size} ${size}` };
  return svg('svg', { ...box, class: 'icon', 'aria-hidden': 'true' }, children);
}

/** The colour and letter of a group, in a circle. */
export function groupIcon(group) {
  const hollow = group.hollow;
  const circle = {
    cx: 9, cy: 9, r: 8,
    fill: hollow ? '#FFFFFF' : group.colour,
    stroke: hollow ? group.colour : 'none',
    'stroke-width': 2,
  };
  const letter = {
    x: 9, y: 13, 'text-anchor': 'middle', 'font-size': 12, 'font-weight': 700,
    fill: hollow ? group.colour : inkOn(group.colour),
  };
  return icon(18, svg('circle', circle), svg('text', letter, group.letter));
}

function shapeIcon(shape) {
  const points = corners(shape, 9, shape === 'triangle' ? 10.5 : 9, 6.2);
  const paint = { fill: 'currentColor' };
  return icon(
    18,
    points
      ? svg('polygon', { points: list(points), ...paint })
      : svg('circle', { cx: 9, cy: 9, r: 6.5, ...paint }),
  );
}

function starIcon() {
  const line = { stroke: 'currentColor', 'stroke-width': 1.4 };
  return icon(
    22,
    svg('line', { x1: 1, y1: 20, x2: 11, y2: 11, ...line }),
    svg('line', { x1: 21, y1: 19, x2: 11, y2: 11, ...line }),
    svg('polygon', { points: list(starPoints(11, 10, 8)), fill: 'currentColor' }),
  );
}

function ringIcon() {
  const ring = { cx: 11, cy: 11, r: 9.5, fill: 'none', stroke: 'currentColor' };
  return icon(
    22,
    svg('circle', { ...ring, 'stroke-width': 1.4, 'stroke-dasharray': '4 3' }),
    svg('circle', { cx: 11, cy: 11, r: 4, fill: 'currentColor', opacity: 0.6 }),
  );
}

function washIcon() {
  const rings = [[10.5, 0.12], [8, 0.16], [5, 0.2]].map(([r, opacity]) =>
    svg('circle', { cx: 11, cy: 11, r, fill: 'currentColor', opacity }),
  );
  return icon(22, rings);
}

function hollowIcon() {
  return icon(
    18,
    svg('circle', { cx: 9, cy: 9, r: 5, fill: 'currentColor' }),
    svg('circle', { cx: 9, cy: 9, r: 2, class: 'icon-hole' }),
  );
}

function dateIcon() {
  const paint = { fill: 'currentColor', 'fill-opacity': 0.35, stroke: 'currentColor' };
  return icon(18, svg('circle', { cx: 9, cy: 9, r: 6, ...paint }));
}

/** Circles of the fixed scale, side by side, each with its number of deaths. */
function tollScale(say) {
  const gap = 8;
  let left = 1;
  const tallest = 2 * radiusOf(TOLLS.at(-1));
  const parts = TOLLS.flatMap((deaths) => {
    const r = radiusOf(deaths);
    const x = left + Math.max(r, 12);
    left = x + Math.max(r, 12) + gap;
    const ring = { cx: x, cy: tallest + 1 - r, r, class: 'toll' };
    const text = { x, y: tallest + 16, 'text-anchor': 'middle', class: 'toll-text' };
    return [svg('circle', ring), svg('text', text, say.number(deaths))];
  });
  const width = left - gap + 1;
  const box = { width, height: tallest + 20, viewBox: `0 0 ${width} ${tallest + 20}` };
  const label = TOLLS.map((deaths) => say.number(deaths)).join(', ');
  return svg('svg', { ...box, role: 'img', 'aria-label': label, class: 'tolls' }, parts);
}

export class Legend {
  constructor(parent, { onLetters }) {
    this.onLetters = onLetters;
    this.id = `legend-${Math.random().toString(36).slice(2)}`;
    this.body = el('div', { class: 'legend-body', id: this.id });
    this.brief = el('span', { class: 'legend-brief', 'aria-hidden': 'true' });
    this.name = el('span', { class: 'legend-name' });
    this.toggle = el(
      'button',
      {
        type: 'button', class: 'legend-toggle', 'aria-controls': this.id,
        onclick: () => this.fold(!this.folded),
      },
      this.name,
      this.brief,
      el('span', { class: 'chevron', 'aria-hidden': 'true' }),
    );
    this.root = el('section', { class: 'legend' }, this.toggle, this.body);
    this.counts = [];
    this.fold(true);
    parent.append(this.root);
  }

  /** Folded shows one line; where there is room the whole is always shown. */
  fold(folded) {
    this.folded = folded;
    this.root.classList.toggle('folded', folded);
    this.toggle.setAttribute('aria-expanded', String(!folded));
  }

  show(say, { groups, targets, precisions, choropleth, operations, letters }) {
    this.say = say;
    const item = (mark, text, extra) =>
      el('li', {}, mark, el('span', { class: 'item-text' }, text), extra);
    const part = (title, rows, after) =>
      el('div', { class: 'legend-part' }, el('h4', {}, title), rows, after);

    setText(this.name, say.say('legend'));
    this.root.setAttribute('aria-label', say.say('legend'));
    put(this.brief, groups.map(groupIcon), targets.map(({ shape }) => shapeIcon(shape)));
    this.counts = groups.map(() => el('span', { class: 'tally' }));
    const box = el('input', { type: 'checkbox', onchange: () => this.onLetters(box.checked) });
    box.checked = letters;
    put(
      this.body,
      choropleth ? this._classes(part, item, choropleth) : null,
      part(
        say.say('legend_groups'),
        el('ul', {}, groups.map((group, k) => item(groupIcon(group), group.label, this.counts[k]))),
        el('label', { class: 'letters' }, box, say.say('letters')),
      ),
      part(
        say.say('legend_targets'),
        el('ul', {}, targets.map(({ shape, label }) => item(shapeIcon(shape), label))),
      ),
      part(
        say.say('legend_deaths'),
        tollScale(say),
        el('ul', {}, item(hollowIcon(), say.say('deaths_unknown'))),
      ),
      part(
        say.say('legend_precision'),
        el(
          'ul',
          {},
          item(shapeIcon('circle'), [precisions[0], precisions[1]].join(', ')),
          item(ringIcon(), precisions[2]),
          item(washIcon(), precisions[3]),
          item(dateIcon(), say.say('legend_date')),
          operations ? item(starIcon(), say.say('legend_operation')) : null,
        ),
      ),
    );
  }

  _classes(part, item, { title, classes }) {
    const rows = classes.map(({ colour, label }) =>
      item(
        icon(
          18,
          svg('rect', { x: 1, y: 3, width: 16, height: 12, fill: colour, class: 'swatch' }),
        ),
        label,
      ),
    );
    return part(title, el('ul', {}, rows));
  }

  /** Events of each group in the window, beside its label. */
  tally(counts) {
    this.counts.forEach((node, k) => setText(node, this.say.number(counts[k])));
  }
}
