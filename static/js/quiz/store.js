// What an attempt keeps on this device until it is received: it survives a reload and a crash.
// A browser that forbids storage still works; the page then says that nothing is kept.

const PREFIX = 'guong-sang.attempt.';

/** @param {string} attempt public id */
export function keyOf(attempt) {
  return PREFIX + attempt;
}

export class Store {
  /** @param {string} attempt public id */
  constructor(attempt) {
    this.key = keyOf(attempt);
    this.works = true;
    this.memory = null;
  }

  read() {
    try {
      const text = localStorage.getItem(this.key);
      return text === null ? null : JSON.parse(text);
    } catch {
      this.works = false;
      return this.memory;
    }
  }

  write(value) {
    this.memory = value;
    try {
      localStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      this.works = false;
    }
  }

  wipe() {
    this.memory = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      this.works = false;
    }
  }
}
