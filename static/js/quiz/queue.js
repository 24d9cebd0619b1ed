// Answers on their way: kept until the server has acknowledged each, sent one after another in the
// order of their numbers. A newer answer to the same question replaces one that still waits.

const PATIENCE = 15000;
const LONGEST_WAIT = 15000;
const NEVER = new Set([400, 413, 415, 422]); // what no second try would change

/** A request that gives up: on a dying line fetch would wait for minutes. */
export async function ask(url, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(url, { credentials: 'same-origin', ...options, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

export class Queue {
  /**
   * @param {object} state kept by the store: epoch, sequence, queue, acked (the last received answer of each slot),
   *   late (what the server keeps as evidence, because the attempt had ended)
   * @param {{url: string, signature: string, keep: () => void, time: object, tell: (event: string, detail?: any) => void}} ways
   */
  constructor(state, ways) {
    this.state = state;
    this.ways = ways;
    this.isSending = false;
    this.isStopped = false;
    this.failures = 0;
    this.timer = 0;
  }

  get waiting() {
    return this.state.queue;
  }

  /** Keep an answer and send it. */
  add(slot, answer) {
    const { state } = this;
    state.queue = state.queue.filter((item) => item.slot !== slot || item === this.inFlight);
    state.sequence += 1;
    state.queue.push({ sequence: state.sequence, slot, answer });
    this.ways.keep();
    this.ways.tell('changed');
    this.send();
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Try now, whatever the waiting time was. */
  wake() {
    clearTimeout(this.timer);
    this.failures = 0;
    this.send();
  }

  async send() {
    if (this.isSending || this.isStopped) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      while (this.state.queue.length && !this.isStopped) {
        const item = this.state.queue[0];
        this.inFlight = item;
        if (!(await this.sendOne(item))) return;
      }
      if (!this.isStopped) this.ways.tell(this.state.late.length ? 'late' : 'empty');
    } finally {
      this.inFlight = null;
      this.isSending = false;
    }
  }

  /** @returns {Promise<boolean>} whether to go on with the next one */
  async sendOne(item) {
    const sent = performance.now();
    let answer;
    let body;
    try {
      answer = await ask(this.ways.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Save-Signature': this.ways.signature },
        body: JSON.stringify({
          epoch: this.state.epoch, sequence: item.sequence, slot: item.slot, answer: item.answer,
          ...(this.state.away ? { away: this.state.away } : {}),
        }),
      });
      body = await answer.json();
    } catch {
      this.later('offline');
      return false;
    }
    if (answer.ok) {
      this.ways.time.learn(body.now, sent, performance.now());
      this.failures = 0;
      this.drop(item);
      this.state.acked[item.slot] = { sequence: item.sequence, answer: item.answer };
      this.state.received = body.received;
      this.ways.keep();
      this.ways.tell('received', item);
      return true;
    }
    return this.refused(item, answer.status, body);
  }

  refused(item, status, body) {
    if (body.error === 'sequence_used') {
      this.state.sequence += 1;
      item.sequence = this.state.sequence;
      this.ways.keep();
      return true;
    }
    if (body.error === 'closed' || body.error === 'too_late') {
      // The server keeps it as evidence, and must be given all the others as well.
      this.drop(item);
      this.state.late.push(item);
      this.ways.keep();
      return true;
    }
    if (body.error === 'section_over') {
      this.drop(item);
      this.ways.keep();
      this.ways.tell('section_late', item);
      return true;
    }
    if (NEVER.has(status)) {
      this.drop(item);
      this.ways.keep();
      this.ways.tell('refused', item);
      return true;
    }
    if (status >= 500 || status === 429) {
      this.later('offline');
      return false;
    }
    this.ways.tell(body.error || String(status), body);
    return false;
  }

  drop(item) {
    this.state.queue = this.state.queue.filter((each) => each !== item);
  }

  later(why) {
    this.failures += 1;
    const wait = Math.min(1000 * 2 ** (this.failures - 1), LONGEST_WAIT);
    this.timer = setTimeout(() => this.send(), wait * (0.8 + Math.random() * 0.4));
    this.ways.tell(why);
  }
}
