// The judge's desk: marks are saved by themselves, a moment after the last change, and kept on the
// device until the server has them. Without this script the page is an ordinary form.

import { Marks } from './marks.js';
import { listenForNotes } from './notes.js';
import { Store } from './store.js';

const QUIET = 900;
const AGAIN = 5_000;

const desk = document.querySelector('[data-desk]');
const form = desk.querySelector('[data-form]');
const words = JSON.parse(document.querySelector('template[data-words]').content.textContent);
const store = new Store(desk.dataset.sheet);
const edit = form.elements.edit;
const comment = form.elements.comment;
const line = form.querySelector('[data-saved]');
const problem = form.querySelector('[data-problem]');

let timer = 0;
let sending = null;
let dirty = false;
let stopped = false;
// The button that was pressed while marks had not reached the server yet: a form that is sent
// without a line ends on the browser's own page of errors.
let pressed = null;
let going = false;

document.documentElement.classList.add('scripted');
form.querySelector('[data-keys]').hidden = false;
form.querySelector('[data-stay]').hidden = true;

const marks = new Marks(form, words, changed);
comment.addEventListener('input', changed);
listenForNotes(desk, words);

function say(text, waiting = false) {
  line.hidden = false;
  line.classList.toggle('waiting', waiting);
  line.querySelector('[data-saved-words]').textContent = text;
}

function tell(title, text, reload) {
  problem.hidden = false;
  problem.querySelector('[data-problem-title]').textContent = title;
  const box = problem.querySelector('[data-problem-words]');
  box.textContent = text;
  if (reload) {
    const link = document.createElement('a');
    link.href = window.location.pathname;
    link.textContent = words.reload;
    link.addEventListener('click', () => store.wipe());
    box.append(' ', link);
  }
}

function changed() {
  dirty = true;
  store.write({ edit: edit.value, marks: marks.values(), comment: comment.value });
  window.clearTimeout(timer);
  if (!stopped && marks.good) timer = window.setTimeout(save, QUIET);
}

async function save() {
  window.clearTimeout(timer);
  if (sending) {
    await sending;
    return save();
  }
  if (stopped || !dirty || !marks.good) return;
  dirty = false;
  const body = new FormData(form);
  body.set('go', 'stay');
  say(words.saving);
  sending = send(body);
  await sending;
  sending = null;
}

async function send(body) {
  let answer;
  try {
    answer = await fetch(desk.dataset.save, { method: 'POST', body, headers: { Accept: 'application/json' } });
  } catch {
    wait();
    return;
  }
  if (answer.status >= 500) {
    wait();
    return;
  }
  const report = await answer.json().catch(() => ({}));
  if (answer.ok) {
    edit.value = report.edit;
    problem.hidden = true;
    say(report.words || words.saved.replace('{time}', report.at));
    if (dirty) changed();
    else {
      store.wipe();
      if (pressed) goOn();
    }
    return;
  }
  refuse(answer.status, report);
}

function wait() {
  dirty = true;
  say(pressed ? words.waiting_on : words.waiting, true);
  window.clearTimeout(timer);
  timer = window.setTimeout(save, AGAIN);
}

function goOn() {
  const button = pressed;
  pressed = null;
  going = true;
  form.requestSubmit(button);
  going = false;
}

function refuse(status, report) {
  pressed = null;
  line.hidden = true;
  stopped = status !== 422;
  if (status === 401) tell(words.refused, words.sign_in, true);
  else if (status === 409) tell(words.stale, report.message, true);
  else tell(words.refused, report.message || '', false);
}

window.addEventListener('online', save);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') save();
});

form.addEventListener('submit', (event) => {
  window.clearTimeout(timer);
  if (going || stopped || !marks.good) return;
  if (!dirty && !sending && navigator.onLine) return;
  event.preventDefault();
  pressed = event.submitter;
  if (!dirty && !sending) wait();
  else save();
});

const kept = store.read();
if (kept) {
  if (kept.edit === edit.value) {
    marks.fill(kept.marks);
    comment.value = kept.comment;
    tell(words.restored, '', false);
    changed();
  } else store.wipe();
}
