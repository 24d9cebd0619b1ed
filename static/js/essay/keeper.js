// Keeps what is typed: on the server a few seconds after the last key, and on this device while
// the line is down. The copy on the device is wiped as soon as the server has said "saved".
import { say } from '../quiz/words.js';

const PAUSE = 2500;
const AGAIN = 8000;
const FIELDS = ['title', 'subject_name', 'subject_unit', 'subject_reason'];

export class Keeper {
  constructor(form, { html, restore }) {
    this.form = form;
    this.html = html;
    this.state = document.querySelector('[data-save-state]');
    this.key = `essay:${location.pathname}`;
    this.busy = false;
    this.stopped = false;
    this.timer = 0;
    this.last = this.content();
    this.bringBack(restore);
    window.addEventListener('online', () => this.save());
    document.addEventListener('visibilitychange', () => { if (document.hidden && this.isDirty()) this.save(); });
  }

  get edit() { return this.form.elements.edit; }

  content() {
    const typed = { html: this.html() };
    for (const name of FIELDS) typed[name] = this.form.elements[name]?.value ?? '';
    return JSON.stringify(typed);
  }

  isDirty() { return this.content() !== this.last; }

  bringBack(restore) {
    const kept = JSON.parse(localStorage.getItem(this.key) || 'null');
    if (!kept) return;
    if (kept.content === this.last) { localStorage.removeItem(this.key); return; }
    const typed = JSON.parse(kept.content);
    restore(typed.html);
    for (const name of FIELDS) if (this.form.elements[name]) this.form.elements[name].value = typed[name];
    // Saved from the state it was written on: if somebody saved since, both texts are shown.
    this.edit.value = kept.edit;
    this.tell(say('restored'), 'wait');
    this.touched();
  }

  touched() {
    if (this.isDirty()) this.keepHere();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  keepHere() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ edit: this.edit.value, content: this.content() }));
    } catch { /* a full or forbidden store: the server still keeps it */ }
  }

  leaving() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  async save() {
    if (this.busy || this.stopped || !this.isDirty()) return;
    this.busy = true;
    const sent = this.content();
    this.form.elements.body_html.value = this.html();
    const body = new FormData(this.form);
    body.delete('body');
    body.set('autosave', '1');
    this.tell(say('saving'), 'wait');
    try {
      const answer = await fetch(location.pathname, { method: 'POST', body, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      const told = await answer.json();
      if (answer.ok) this.saved(told, sent);
      else this.refused(told);
    } catch {
      this.keepHere();
      this.tell(say('waiting'), 'wait');
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
    this.busy = false;
    if (!this.stopped && this.isDirty()) this.timer = setTimeout(() => this.save(), AGAIN);
  }

  saved(told, sent) {
    this.edit.value = told.edit;
    for (const copy of document.querySelectorAll('[data-edit-copy]')) copy.value = told.edit;
    this.last = sent;
    if (!this.isDirty()) localStorage.removeItem(this.key);
    this.tell(say('saved', { time: told.saved }), '');
  }

  refused(told) {
    this.keepHere();
    this.stopped = told.error !== 'signed_out';
    this.tell(told.error === 'edited_elsewhere' ? say('elsewhere') : say('refused', { why: told.message }), 'wrong');
  }

  tell(words, kind) {
    this.state.className = `saved ${kind}`;
    this.state.textContent = words;
  }
}
