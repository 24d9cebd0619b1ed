// What a sheet keeps on this device until the server has it: it survives a reload and a lost line.

const PREFIX = 'guong-sang.sheet.';

export class Store {
  /** @param {string} sheet public id */
  constructor(sheet) {
    this.key = PREFIX + sheet;
    this.memory = null;
  }

  read() {
    try {
      const text = localStorage.getItem(this.key);
      return text === null ? this.memory : JSON.parse(text);
    } catch {
      return this.memory;
    }
  }

  write(value) {
    this.memory = value;
    try {
      localStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      // A browser that forbids storage still saves to the server.
    }
  }

  wipe() {
    this.memory = null;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // See above.
    }
  }
}
