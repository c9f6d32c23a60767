// Choices that the reader's hand makes on the map and Python makes elsewhere.

const SETTLE_MS = 250;
const UNHEARD_MS = 5000; // then the word may be lost with the connection: say it again
const MOST_MS = 15000;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** One such choice: the window of days, or the limits of the legend.
 *
 * The hand tells Python, and hears its own words back, perhaps late: they must not undo
 * what it has done since. So each word bears a turn, a time that only grows, and each
 * message from Python bears the turn of the last word it has heard. A word that is not
 * heard is said again: while the server is away, Streamlit forgets it. */
export class Choice {
  constructor() {
    this.value = undefined;
    this.turn = 0;
    this.members = new Set(); // {follow(value), busy()}: all who show it
  }

  /** By hand: all who show it follow at once. Nobody is told until `settle`. */
  set(value) {
    this._rest();
    this._take(value);
  }

  /** Tell Python once the hand has come to rest, unless both agree already. */
  settle(tell) {
    this._rest();
    if (!tell) return; // a page without Python
    this._timer = setTimeout(() => {
      this._timer = null;
      if (this._busy() || same(this.value, this.agreed)) return;
      this.agreed = this.value;
      this.turn = Math.max(Date.now(), this.turn + 1);
      this._say(tell, UNHEARD_MS);
    }, SETTLE_MS);
  }

  _say(tell, patience) {
    clearTimeout(this._unheard);
    tell(this.agreed, this.turn);
    this._unheard = setTimeout(
      () => this._say(tell, Math.min(2 * patience, MOST_MS)), patience,
    );
  }

  /** From Python, which has heard the words up to `turn`. */
  hear(value, turn, tell) {
    if (turn >= this.turn) clearTimeout(this._unheard);
    if (this.value === undefined) {
      this.turn = turn;
      this._agree(value);
    } else if (turn === 0 && this.turn) {
      // Python has heard no word: it was started anew, or the first is on its way.
      clearTimeout(this._unheard);
      this.turn = 0;
      this.agreed = value;
      this.settle(tell);
    } else if (turn >= this.turn && !this._timer && !this._busy()) {
      this.turn = turn;
      this._agree(value);
    }
  }

  /** Forget what was still to be told. */
  quiet() {
    this._rest();
    clearTimeout(this._unheard);
  }

  _rest() {
    clearTimeout(this._timer);
    this._timer = null;
  }

  _agree(value) {
    this.agreed = value;
    if (!same(value, this.value)) this._take(value);
  }

  _take(value) {
    this.value = value;
    for (const member of this.members) member.follow(value);
  }

  _busy() {
    return [...this.members].some((member) => member.busy());
  }
}
