// The card of one event, and the chooser where several lie under the finger.
// Every word from outside becomes a text node; every address is checked.

import { UNKNOWN_DEATHS } from './codec.js';
import { el, put, webAddress } from './dom.js';
import { groupIcon } from './legend.js';

export const MOST_CHOICES = 30;

export class Card {
  constructor(parent, { onChoose, onClose }) {
    this.onChoose = onChoose;
    this.onClose = onClose;
    this.index = null;
    this.body = el('div', { class: 'card-body' });
    this.title = el('h3', { class: 'card-title', tabindex: '-1' });
    this.closer = el('button', { class: 'card-close', type: 'button' }, '×');
    this.closer.addEventListener('click', () => this.close(true));
    this.root = el(
      'section',
      { class: 'card', role: 'dialog', hidden: true },
      el('div', { class: 'card-head' }, this.title, this.closer),
      this.body,
    );
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close(true);
    });
    for (const kind of ['pointerdown', 'dblclick', 'wheel', 'click', 'touchstart']) {
      this.root.addEventListener(kind, (event) => event.stopPropagation());
    }
    parent.append(this.root);
  }

  get open() {
    return !this.root.hidden;
  }

  close(byHand) {
    if (!this.open) return;
    const { index, returnTo } = this;
    this.root.hidden = true;
    this.index = null;
    this.returnTo = null;
    if (byHand) returnTo?.focus({ preventScroll: true });
    this.onClose(byHand, index);
  }

  _show(say, title, focus) {
    this.closer.setAttribute('aria-label', say.say('close'));
    this.closer.title = say.say('close');
    this.root.setAttribute('aria-label', say.say('card'));
    put(this.title, title);
    this.root.hidden = false;
    this.root.scrollTop = 0;
    if (focus) this.title.focus({ preventScroll: true });
  }

  /** What the points alone can say, until the card's own text has come. */
  showLoading(say, index, facts) {
    const keep = this.index === index && this.open;
    this.index = index;
    if (keep) return;
    this._show(say, facts.title, true);
    put(
      this.body,
      this._lines(facts.lines),
      el('p', { class: 'card-wait', role: 'status' }, say.say('loading')),
    );
  }

  /** The whole card: {title, lines, claims, sources, note}. */
  showCard(say, index, card, focus) {
    const scroll = this.index === index && this.open ? this.body.scrollTop : 0;
    this.index = index;
    this._show(say, card.title ?? '', focus);
    const { claims, sources } = card;
    put(
      this.body,
      this._lines(card.lines ?? []),
      claims?.length ? this._claims(say, claims) : null,
      card.note ? el('p', { class: 'card-note' }, card.note) : null,
      sources?.length ? this._sources(say, sources) : null,
    );
    this.body.scrollTop = scroll;
  }

  _lines(lines) {
    if (!lines.length) return null;
    return el(
      'dl',
      { class: 'card-lines' },
      lines.map(([label, value]) => [el('dt', {}, label), el('dd', {}, value)]),
    );
  }

  _claims(say, claims) {
    const rows = claims.map(([claimant, text, stance]) =>
      el(
        'li',
        {},
        el('span', { class: 'claimant' }, claimant),
        ' ',
        el('span', {}, text),
        stance ? el('span', { class: 'stance' }, stance) : null,
      ),
    );
    return [
      el('h4', {}, say.say('claims')),
      el('ul', { class: 'card-claims' }, rows),
    ];
  }

  _sources(say, sources) {
    const rows = sources.map(({ text, url }) => {
      const address = webAddress(url);
      if (!address) return el('li', {}, text);
      const link = { href: address, target: '_blank', rel: 'noopener noreferrer' };
      return el('li', {}, el('a', link, text, el('span', { class: 'away' }, ' ↗')));
    });
    return [
      el('h4', {}, say.say('sources')),
      el('ol', { class: 'card-sources' }, rows),
    ];
  }

  /** Several events under the finger, or the members of an operation; `rest` more are
   * only counted. */
  showChooser(say, title, choices, rest) {
    this.index = null;
    this._show(say, title, true);
    const rows = choices.map(({ index, group, day, facts }) =>
      el(
        'li',
        {},
        el(
          'button',
          { type: 'button', class: 'choice', onclick: () => this.onChoose(index) },
          groupIcon(group),
          el('span', {}, el('strong', {}, day), el('span', {}, facts)),
        ),
      ),
    );
    put(
      this.body,
      el('ul', { class: 'card-choices' }, rows),
      rest > 0 ? el('p', { class: 'card-note' }, say.count('more', rest)) : null,
    );
  }
}

/** What the columns say of one event, in words. */
export function factsOf(say, columns, legend, i) {
  const group = legend.groups[columns.group[i]];
  const target = legend.targets[columns.target[i]];
  const deaths =
    columns.deaths[i] === UNKNOWN_DEATHS
      ? say.say('deaths_unknown')
      : say.count('deaths', columns.deaths[i]);
  const precision = legend.precisions[columns.precision[i]] ?? '';
  const day = say.span(columns.start[i], columns.end(i));
  return {
    title: day,
    short: [group.label, target.label, deaths].join(' · '),
    group,
    lines: [
      [say.say('who'), group.label],
      [say.say('target'), target.label],
      [say.say('deaths'), deaths],
      [say.say('place'), precision],
    ],
  };
}

