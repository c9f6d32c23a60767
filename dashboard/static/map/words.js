// Phrases, numbers and dates in the reader's language. Days count from an epoch.

const DAY = 86400000;

/** Phrases of one language: `say('key', {n: 3})`, numbers and dates. */
export class Words {
  constructor(phrases, language, epoch) {
    this.phrases = phrases ?? {};
    this.language = language === 'fr' ? 'fr' : 'en';
    this.epoch = Date.parse(`${epoch ?? '1989-01-01'}T00:00:00Z`);
    const locale = this.language === 'fr' ? 'fr-FR' : 'en-GB';
    this.numbers = new Intl.NumberFormat(locale);
    const short = { notation: 'compact', maximumSignificantDigits: 2 };
    this.shortNumbers = new Intl.NumberFormat(locale, short);
    this.months = this.say('months_short').split('|');
    this.monthsLong = this.say('months_long').split('|');
  }

  /** Return the phrase `map_<key>` with its blanks filled. */
  say(key, blanks) {
    const phrase = this.phrases[`map_${key}`] ?? key;
    if (!blanks) return phrase;
    return phrase.replace(/\{(\w+)\}/g, (blank, name) => blanks[name] ?? blank);
  }

  /** Return `map_<key>_one` or `map_<key>_many`; French counts 0 as one. */
  count(key, n, blanks) {
    const one = this.language === 'fr' ? n < 2 : n === 1;
    const form = one ? 'one' : 'many';
    return this.say(`${key}_${form}`, { ...blanks, n: this.number(n) });
  }

  number(value) {
    return this.numbers.format(value);
  }

  /** 999, 1.2K: a number where there is little room. */
  brief(value) {
    return value < 1000 ? String(value) : this.shortNumbers.format(value);
  }

  parts(day) {
    const date = new Date(this.epoch + day * DAY);
    return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  }

  /** 30 Jun 2025, 30 juin 2025. */
  day(day) {
    const [year, month, dayOfMonth] = this.parts(day);
    return `${dayOfMonth}\u00a0${this.months[month] ?? month + 1} ${year}`;
  }

  month(day) {
    const [year, month] = this.parts(day);
    return `${this.monthsLong[month] ?? month + 1} ${year}`;
  }

  span(start, end) {
    return start === end ? this.day(start) : `${this.day(start)} – ${this.day(end)}`;
  }
}

/** Steps of the calendar over days since an epoch. */
export class Calendar {
  constructor(epoch) {
    this.epoch = Date.parse(`${epoch ?? '1989-01-01'}T00:00:00Z`);
    // 1 January 1970 was a Thursday; weeks start on Monday.
    const days = Math.round(this.epoch / DAY);
    this.monday = (((4 - 7 - days) % 7) + 7) % 7;
  }

  toDay(year, month, dayOfMonth = 1) {
    return Math.round((Date.UTC(year, month, dayOfMonth) - this.epoch) / DAY);
  }

  year(day) {
    return new Date(this.epoch + day * DAY).getUTCFullYear();
  }

  /** First day of the step that holds `day`. */
  floor(day, step) {
    if (step === 'day') return Math.floor(day);
    if (step === 'week') {
      return Math.floor((day - this.monday) / 7) * 7 + this.monday;
    }
    const date = new Date(this.epoch + Math.floor(day) * DAY);
    return this.toDay(date.getUTCFullYear(), date.getUTCMonth());
  }

  /** The day `count` steps later; a short month ends the 31st early. */
  add(day, count, step) {
    if (step === 'day') return day + count;
    if (step === 'week') return day + 7 * count;
    const date = new Date(this.epoch + day * DAY);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth() + count;
    const last = this.toDay(year, month + 1) - this.toDay(year, month);
    return this.toDay(year, month, Math.min(date.getUTCDate(), last));
  }

  /** First days of all steps that touch [first, last], and the day after them. */
  edges(first, last, step) {
    const edges = [this.floor(first, step)];
    while (edges.at(-1) <= last) edges.push(this.add(edges.at(-1), 1, step));
    return edges;
  }
}
