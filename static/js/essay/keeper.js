// Keeps what is typed: on the server a few seconds after the last key, and on this device until the
// server has said that it has exactly this text and the page stays. Each save has a random name. The
// copy remembers the state it was written on (`edit`), the saves that no answer came for (`pending`)
// and which of them carried these words (`key`): an answer that was lost is then no other person.
import { say } from '../quiz/words.js';
import { Copies, randomKey } from './copies.js';

const PAUSE = 2500;
const AGAIN = 8000;
const ENOUGH = 25000;
const SURE = 3000;
const STAYED = 60000;
const MOST_PENDING = 40;
const KEEPALIVE = 50000;
const FIELDS = /^(title|subject_(name|unit|reason)|answer_.+)$/;
const CONFLICT = 409;

export class Keeper {
  constructor(form, { html, restore, offer }) {
    this.form = form;
    this.html = html;
    this.restore = restore;
    this.offer = offer;
    this.state = document.querySelector('[data-save-state]');
    this.copies = new Copies();
    this.stopped = false;
    this.isLeaving = false;
    this.running = null;
    this.timer = 0;
    this.pending = [];
    this.tried = { content: null, key: '' };
    // A page that came back with an error shows words that the server does not have.
    this.last = form.dataset.unsaved === undefined ? this.content() : null;
    this.look();
    window.addEventListener('online', () => this.save());
    window.addEventListener('beforeunload', () => this.leave());
    window.addEventListener('pagehide', () => this.leave());
    window.addEventListener('pageshow', () => { this.isLeaving = false; });
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.save(); });
    document.addEventListener('submit', (event) => this.saveBefore(event));
  }

  get edit() { return this.form.elements.edit; }

  /** Everything that is typed beside the text: title, person written about, fields of the form. */
  fields() { return [...this.form.elements].filter((field) => FIELDS.test(field.name)); }

  content() {
    const typed = { html: this.html() };
    for (const field of this.fields()) typed[field.name] = field.value;
    return JSON.stringify(typed);
  }

  isDirty() { return this.content() !== this.last; }

  /** A link to a file looks like leaving, but the page stays. */
  leave() {
    this.isLeaving = true;
    setTimeout(() => { this.isLeaving = false; }, STAYED);
  }

  // ── what the device kept ────────────────────────────────────────────────────────────────

  look() {
    const shown = this.content();
    const page = { edit: Number(this.edit.value), key: this.form.dataset.key, keys: this.form.dataset.keys.split(' ') };
    const offered = [];
    for (const [name, copy] of this.copies.all()) {
      const has = copy.content === shown || (copy.key && page.keys.includes(copy.key)) || (copy.taken && copy.edit <= page.edit);
      const follows = copy.edit >= page.edit || (page.key && copy.pending.includes(page.key));
      if (has) this.copies.wipe(name);
      else if (name === this.copies.own && this.last !== null && follows) this.bringBack(copy, page.edit);
      else offered.push([this.copies.setAside(name, copy), copy]);
    }
    if (this.last === null) this.keepHere();
    this.offerNext(offered);
  }

  /** Words typed on what the server has, or on what this page is about to learn that it has. */
  bringBack(copy, edit) {
    this.fill(copy);
    this.edit.value = Math.max(copy.edit, edit);
    this.pending = copy.pending;
    if (copy.key) this.tried = { content: this.content(), key: copy.key };
    this.tell(say('restored'), 'wait');
    this.touched();
  }

  fill(copy) {
    const typed = JSON.parse(copy.content);
    this.restore(typed.html);
    for (const field of this.fields()) field.value = typed[field.name] ?? field.value;
  }

  /** Saved elsewhere since: both texts are shown, the person chooses. */
  offerNext([first, ...others]) {
    if (!first) return;
    const [name, copy] = first;
    this.offer({ ...JSON.parse(copy.content), at: copy.at }, async (take) => {
      if (take) {
        await this.save();
        this.fill(copy);
        this.touched();
      }
      this.copies.wipe(name);
      this.offerNext(others);
    });
  }

  // ── keeping ─────────────────────────────────────────────────────────────────────────────

  touched() {
    if (this.isDirty()) this.keepHere();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  keepHere(taken = false) {
    const content = this.content();
    const key = content === this.tried.content ? this.tried.key : '';
    this.copies.write({ content, key, taken, pending: this.pending, edit: Number(this.edit.value), at: Date.now() });
  }

  /** Name the save of these words; the same words keep their name. */
  name() {
    const content = this.content();
    if (this.tried.content !== content) this.tried = { content, key: randomKey() };
    const others = this.pending.filter((key) => key !== this.tried.key);
    this.pending = [...others, this.tried.key].slice(-MOST_PENDING);
    this.form.elements.key.value = this.tried.key;
    this.form.elements.own_keys.value = this.pending.join(' ');
    this.form.elements.body_html.value = this.html();
    this.keepHere();
    return content;
  }

  /** The page is about to be sent as a form. */
  leaving() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.name();
  }

  /** Other forms of the page (pictures, documents) go after what was typed. */
  async saveBefore(event) {
    const other = event.target;
    if (other === this.form || event.defaultPrevented || this.stopped || !this.isDirty()) return;
    event.preventDefault();
    await this.save();
    other.submit();
  }

  save() {
    if (!this.running) this.running = this.send().finally(() => { this.running = null; });
    return this.running;
  }

  async send() {
    if (this.stopped || !this.isDirty()) return;
    clearTimeout(this.timer);
    const sent = this.name();
    const body = new FormData(this.form);
    body.delete('body');
    body.set('autosave', '1');
    this.tell(say('saving'), 'wait');
    try {
      const keepalive = document.hidden && sent.length < KEEPALIVE;
      const answer = await fetch(location.pathname, { method: 'POST', body, keepalive, headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: AbortSignal.timeout(ENOUGH) });
      if (answer.status >= 500) throw new Error('the server is not well');
      const told = await answer.json();
      if (answer.ok) this.saved(told, sent);
      else this.refused(told, answer.status);
    } catch {
      this.keepHere();
      this.tell(say('waiting'), 'wait');
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
  }

  saved(told, sent) {
    this.edit.value = told.edit;
    for (const copy of document.querySelectorAll('[data-edit-copy]')) copy.value = told.edit;
    this.last = sent;
    this.pending = [];
    if (this.isDirty()) this.touched();
    else this.wipeSoon();
    this.tell(say('saved', { time: told.saved }), '');
  }

  /** A page that is being loaded may have been made before this save: the copy then stays. */
  wipeSoon() {
    this.keepHere(true);
    setTimeout(() => { if (!this.isLeaving && !this.isDirty()) this.copies.wipe(); }, SURE);
  }

  refused(told, status) {
    this.keepHere();
    this.stopped = status === CONFLICT;
    this.tell(told.error === 'edited_elsewhere' ? say('elsewhere') : say('refused', { why: told.message }), 'wrong');
  }

  tell(words, kind) {
    this.state.className = `saved ${kind}`;
    this.state.textContent = words;
  }
}
