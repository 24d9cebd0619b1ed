// What an attempt keeps on this device until it is received: it survives a reload, a crash of the
// browser and an empty battery. localStorage answers at once and tells the other tabs, but browsers
// put it on the disk seconds later; IndexedDB is asked to be on the disk when it says so. Both are
// written, and the later of the two is read. A browser that forbids both still works; the page then
// says that nothing is kept.
// On a phone that several people use it stays after a sign-out, for its own person alone: it lies
// under the public id of the attempt, whose pages the server shows to nobody else and from whom alone
// it takes answers. Some days after the round it is swept away, whoever is signed in then.

const PREFIX = 'guong-sang.attempt.';
const BASE = 'guong-sang';
const SHELF = 'attempts';
const PATIENCE = 1500; // some browsers never answer where storage is forbidden

/** Whether the device keeps something whose time (`until`, ms) is over at an instant. */
const isOld = (value, now) => Boolean(value && value.until && value.until < now);

function nearOnes() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => [key, read(localStorage.getItem(key))]);
  } catch {
    return [];
  }
}

/** What a key holds; one that is no JSON must not keep the others from being swept. */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What the server's clock says, in ms; a phone's own may be years ahead. NaN without a line. */
async function serverNow() {
  const answer = await fetch(import.meta.url, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return Date.parse((answer && answer.headers.get('Date')) || '');
}

/** Remove what rounds that are long over have left on this device. */
export async function sweep() {
  if (!nearOnes().some(([, value]) => isOld(value, Date.now()))) return;
  const now = await serverNow();
  const old = nearOnes().filter(([, value]) => isOld(value, now)).map(([key]) => key);
  await Promise.all(old.map((key) => new Store(key.slice(PREFIX.length)).wipe()));
}

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
