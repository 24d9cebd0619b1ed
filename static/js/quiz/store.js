// What an attempt keeps on this device until it is received: it survives a reload, a crash of the
// browser and an empty battery. localStorage answers at once and tells the other tabs, but browsers
// put it on the disk seconds later; IndexedDB is asked to be on the disk when it says so. Both are
// written, and the later of the two is read. A browser that forbids both still works; the page then
// says that nothing is kept.

const PREFIX = 'guong-sang.attempt.';
const BASE = 'guong-sang';
const SHELF = 'attempts';
const PATIENCE = 1500; // some browsers never answer where storage is forbidden

/** @param {string} attempt public id */
export function keyOf(attempt) {
  return PREFIX + attempt;
}

function openBase() {
  return new Promise((give) => {
    setTimeout(() => give(null), PATIENCE);
    try {
      const asked = indexedDB.open(BASE, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(SHELF);
      asked.onsuccess = () => give(asked.result);
      asked.onerror = () => give(null);
    } catch {
      give(null);
    }
  });
}

export class Store {
  /** @param {string} attempt public id */
  constructor(attempt) {
    this.key = keyOf(attempt);
    this.works = true;
    this.turn = 0;
    this.base = openBase();
    this.settled = Promise.resolve(); // the last write has been tried in both places
  }

  /** What was written last, or null. */
  async read() {
    const near = this.readNear();
    const far = await this.readFar();
    const left = far && (!near || (far.turn || 0) > (near.turn || 0)) ? far : near;
    this.turn = (left && left.turn) || 0;
    return left;
  }

  readNear() {
    try {
      const text = localStorage.getItem(this.key);
      return text === null ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }

  async readFar() {
    const base = await this.base;
    if (!base) return null;
    return new Promise((give) => {
      setTimeout(() => give(null), PATIENCE);
      try {
        const asked = base.transaction(SHELF).objectStore(SHELF).get(this.key);
        asked.onsuccess = () => give(asked.result || null);
        asked.onerror = () => give(null);
      } catch {
        give(null);
      }
    });
  }

  write(value) {
    this.turn += 1;
    const text = JSON.stringify({ ...value, turn: this.turn });
    let near = true;
    try {
      localStorage.setItem(this.key, text);
    } catch {
      near = false;
    }
    this.settled = this.far((shelf) => shelf.put(JSON.parse(text), this.key)).then((far) => { this.works = near || far; });
  }

  /** Nothing of it stays; resolves when that is on the disk. */
  wipe() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept there
    }
    return this.far((shelf) => shelf.delete(this.key));
  }

  /** @returns {Promise<boolean>} whether the change was begun; changes keep their order */
  async far(change) {
    const base = await this.base;
    if (!base) return false;
    try {
      change(base.transaction(SHELF, 'readwrite', { durability: 'strict' }).objectStore(SHELF));
      return true;
    } catch {
      return false;
    }
  }
}
