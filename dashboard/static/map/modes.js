// How events are drawn, as the reader chooses it: single marks, bins or heat. Beside the
// switch, what the reader needs in order to read the last two: their scale, and a line
// that says what they leave out.

import { el, put, setText } from './dom.js';
import { CLASSES, RAMP, classLabel } from './scale.js';

export const MODES = ['marks', 'bins', 'heat'];

export class Modes {
  constructor(parent, { onMode }) {
    this.onMode = onMode;
    this.mode = MODES[0];
    this.buttons = MODES.map((mode) =>
      el('button', { type: 'button', class: 'mode', onclick: () => this._choose(mode) }),
    );
    this.root = el('div', { class: 'modes', role: 'group' }, this.buttons);
    this.note = el('p', { class: 'map-note', hidden: true });
    this.title = el('p', { class: 'scale-title' });
    this.classes = el('ol', { class: 'scale-classes' });
    this.scale = el('div', { class: 'scale', hidden: true }, this.title, this.classes);
    this.foot = el('div', { class: 'map-foot' }, this.note, this.scale);
    for (const kind of ['pointerdown', 'dblclick', 'click', 'touchstart']) {
      this.root.addEventListener(kind, (event) => event.stopPropagation());
    }
    parent.append(this.root, this.foot);
  }

  /** Take the words of a language. */
  label(say) {
    this.say = say;
    this.root.setAttribute('aria-label', say.say('as'));
    this.buttons.forEach((button, k) => setText(button, say.say(`as_${MODES[k]}`)));
    put(
      this.classes,
      CLASSES.map((_, k) => el('li', {}, swatch(RAMP[k]), classLabel(k, say))),
    );
    this._show();
  }

  setMode(mode) {
    this.mode = MODES.includes(mode) ? mode : MODES[0];
    this._show();
  }

  /** Say what a drawing shows: `how` it was drawn, and how many events lie where. */
  tell({ how, inView, aside }) {
    const { say } = this;
    const counted = how === 'bins' || how === 'heat';
    this.scale.hidden = !counted;
    const said = [];
    if (counted) setText(this.title, say.say(how === 'bins' ? 'bins_scale' : 'heat_scale'));
    if (counted && how !== this.mode) said.push(say.count('dense', inView));
    if (aside) said.push(say.count('aside', aside));
    this.note.hidden = !said.length;
    setText(this.note, said.join(' '));
  }

  _choose(mode) {
    this.setMode(mode);
    this.onMode(mode);
  }

  _show() {
    this.buttons.forEach((button, k) => {
      button.setAttribute('aria-pressed', String(MODES[k] === this.mode));
    });
  }
}

function swatch(colour) {
  const node = el('span', { class: 'scale-swatch', 'aria-hidden': 'true' });
  node.style.background = colour;
  return node;
}
