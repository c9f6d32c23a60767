// What maps side by side share: their days and limits, and how far each has moved.

import { Choice } from './choice.js';

const links = new Map();

/** Join the maps of one name; a map without a name is by itself. */
export function join(name, member) {
  const link = links.get(name) ?? new Link(name);
  if (name) links.set(name, link);
  link.members.add(member);
  return link;
}

class Link {
  constructor(name) {
    this.name = name;
    this.members = new Set();
    this.window = new Choice();
    this.limits = new Choice();
    this.together = true; // whether a map that is moved takes the others along
    this.away = null;
  }

  leave(member) {
    this.members.delete(member);
    if (this.members.size) return;
    this.window.quiet();
    this.limits.quiet();
    if (links.get(this.name) === this) links.delete(this.name);
  }

  /** A map has moved: the others go as far from their own homes. */
  moved(leader) {
    if (!this.name || !this.together || this._moving) return;
    this.away = leader.away();
    this._follow([...this.members].filter((member) => member !== leader));
  }

  /** A map has come late: it goes where the others are. */
  joined(member) {
    if (this.away && this.together) this._follow([member]);
  }

  _follow(members) {
    this._moving = true; // who follows moves too, and must not lead
    for (const member of members) member.goAway?.(this.away);
    this._moving = false;
  }
}
