// The legend: always there, in the app and in exports. On a narrow screen it folds
// to one line that still shows the letters and colours. Its rows of groups and targets
// are switches, and it sets the least deaths: what the map then shows is told by `tell`.

import { el, put, setText, svg } from './dom.js';
import { corners, inkOn, radiusOf, starPoints } from './marks.js';

const TOLLS = [1, 10, 50, 200];
const LEAST = [0, 1, 5, 10, 25, 50, 100, 200];

const list = (points) => points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ');
const lower = (word) => word.charAt(0).toLowerCase() + word.slice(1);

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
  constructor(parent, { onLetters, onLimits }) {
    this.onLetters = onLetters;
    this.onLimits = onLimits;
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
    this.parts = {}; // groups and targets: {codes, rows, all}
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
    const part = (title, ...rows) =>
      el('div', { class: 'legend-part' }, el('h4', {}, title), rows);

    setText(this.name, say.say('legend'));
    this.root.setAttribute('aria-label', say.say('legend'));
    const icons = {
      groups: groups.map(groupIcon), targets: targets.map(({ shape }) => shapeIcon(shape)),
    };
    put(this.brief, icons.groups, icons.targets);
    const box = el('input', { type: 'checkbox', onchange: () => this.onLetters(box.checked) });
    box.checked = letters;
    put(
      this.body,
      choropleth ? this._classes(part, item, choropleth) : null,
      this._switches(
        'groups', say.say('legend_groups'), groups, groups.map(groupIcon), icons.groups,
        el('label', { class: 'letters' }, box, say.say('letters')),
      ),
      this._switches(
        'targets', say.say('legend_targets'), targets,
        targets.map(({ shape }) => shapeIcon(shape)), icons.targets,
      ),
      part(
        say.say('legend_deaths'),
        el(
          'div', { class: 'tolls-row' },
          tollScale(say), el('ul', {}, item(hollowIcon(), say.say('deaths_unknown'))),
        ),
        this._least(),
      ),
      part(
        say.say('legend_precision'),
        el(
          'ul',
          {},
          item(shapeIcon('circle'), `${precisions[0]}, ${lower(precisions[1])}`),
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

  // Limits -------------------------------------------------------------------------

  /** Rows that are switches: a press hides or shows, twice or with Shift shows it alone. */
  _switches(kind, title, entries, icons, briefs, after) {
    const { say } = this;
    const id = `${this.id}-${kind}`;
    const codes = entries.map(({ code }) => code);
    const all = el(
      'button',
      {
        type: 'button', class: 'all', 'aria-label': say.say('show_all', { name: title }),
        onclick: () => {
          this._choose(kind, []);
          rows[0].button.focus({ preventScroll: true }); // this one is about to go
        },
      },
      say.say('all'),
    );
    const rows = entries.map(({ code, label }, k) => {
      const tally = el('span', { class: 'tally' });
      const alone = () => this._choose(kind, [code]);
      const button = el(
        'button',
        {
          type: 'button', class: 'switch', title: say.say('switch_hint'),
          'aria-keyshortcuts': 'Shift+Enter', 'data-code': code,
          // A second press of a double click must not undo what it is half of.
          onclick: (event) => {
            if (event.detail > 1) return;
            if (event.shiftKey) alone();
            else this._turn(kind, code);
          },
          ondblclick: alone,
        },
        icons[k], el('span', { class: 'item-text' }, label), tally,
      );
      // For fingers and mice; the keyboard has Shift and need not pass twice as many.
      const only = el(
        'button',
        {
          type: 'button', class: 'only', tabindex: '-1', onclick: alone,
          'aria-label': say.say('only_this', { name: label }),
        },
        say.say('only'),
      );
      return { button, only, tally, brief: briefs[k] };
    });
    this.parts[kind] = { codes, rows, all };
    return el(
      'div', { class: 'legend-part', role: 'group', 'aria-labelledby': id },
      el('div', { class: 'part-head' }, el('h4', { id }, title), all),
      el('ul', {}, rows.map(({ button, only }) => el('li', {}, button, only))),
      after,
    );
  }

  _least() {
    const { say } = this;
    this.least = el('select', {
      onchange: () => {
        this.onLimits({ ...this.limits, deaths: Number(this.least.value) });
      },
    });
    this.without = el('p', { class: 'without' });
    this.offered = null;
    return [
      el('label', { class: 'least' }, el('span', {}, say.say('least_deaths')), this.least),
      this.without,
    ];
  }

  _turn(kind, code) {
    const { codes } = this.parts[kind];
    const now = this.limits[kind].length ? this.limits[kind] : codes;
    const next = codes.filter((one) => (one === code ? !now.includes(one) : now.includes(one)));
    // With all on or none there is no limit: an empty map would tell nobody anything.
    this._choose(kind, next.length === codes.length ? [] : next);
  }

  _choose(kind, codes) {
    this.onLimits({ ...this.limits, [kind]: codes });
  }

  /** Show the limits in force, and how many events each row has or would have. */
  tell(limits, counts) {
    const { say } = this;
    this.limits = limits;
    for (const [kind, { codes, rows, all }] of Object.entries(this.parts)) {
      const chosen = limits[kind];
      all.hidden = !chosen.length;
      rows.forEach(({ button, only, tally, brief }, k) => {
        const on = !chosen.length || chosen.includes(codes[k]);
        button.setAttribute('aria-pressed', String(on));
        brief.classList.toggle('off', !on);
        only.hidden = on && chosen.length === 1;
        setText(tally, say.number(counts[kind][k]));
      });
    }
    this._offer(limits.deaths);
    const { unknown } = counts;
    setText(this.without, unknown ? say.count('without_figure', unknown) : '');
  }

  /** The steps of least deaths, and the one in force where it is none of them. */
  _offer(deaths) {
    if (this.offered !== deaths) {
      const steps = [...new Set([...LEAST, deaths])].sort((one, other) => one - other);
      const text = (n) => (n ? this.say.number(n) : this.say.say('any_deaths'));
      put(this.least, steps.map((n) => el('option', { value: n }, text(n))));
      this.offered = deaths;
    }
    this.least.value = String(deaths);
  }
}
