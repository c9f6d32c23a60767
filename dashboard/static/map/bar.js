// The strip that maps side by side share, and the switch of their link.

import { el, setText } from './dom.js';
import { View } from './view.js';

export class Bar extends View {
  constructor(root, message, callbacks) {
    super(message, callbacks);
    this.root.classList.add('bar');
    this.switch = el('button', {
      type: 'button', class: 'together',
      onclick: () => {
        this.link.together = !this.link.together;
        this._press();
      },
    });
    this.root.prepend(this.switch);
    root.append(this.root);
    this.update(message);
    this.root.dataset.ready = '1';
  }

  _relabel() {
    setText(this.switch, this.say.say('together'));
    this.switch.title = this.say.say('together_hint');
    this._press();
  }

  _press() {
    this.switch.setAttribute('aria-pressed', String(this.link.together));
  }
}
