// Copies of an essay on this device, one for each tab. A browser that forbids storage still works:
// the server keeps what is typed, only a lost line is then felt.

const PREFIX = `essay:${location.pathname}:`;
const TAB = 'essay-tab';

/** 32 random hexadecimal signs. */
export function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function tabName() {
  try {
    const known = sessionStorage.getItem(TAB) || randomKey();
    sessionStorage.setItem(TAB, known);
    return known;
  } catch {
    return 'tab';
  }
}

export class Copies {
  constructor() { this.own = PREFIX + tabName(); }

  /** Every copy of this essay, the newest first: [name, copy]. */
  all() {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(PREFIX)) found.push([name, JSON.parse(localStorage.getItem(name))]);
      }
    } catch { /* no storage: no copies */ }
    return found.sort((one, other) => other[1].at - one[1].at);
  }

  write(copy, name = this.own) {
    try {
      localStorage.setItem(name, JSON.stringify(copy));
    } catch { /* a full or forbidden store: the server still keeps it */ }
  }

  wipe(name = this.own) {
    try {
      localStorage.removeItem(name);
    } catch { /* nothing is kept there */ }
  }

  /** Move a copy out of the way of what is typed next; gives its new name. */
  setAside(name, copy) {
    const aside = `${PREFIX}aside-${randomKey()}`;
    this.write(copy, aside);
    this.wipe(name);
    return aside;
  }
}
