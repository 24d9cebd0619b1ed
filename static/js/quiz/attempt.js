// The attempt: one question at a time, a palette, a clock, and answers that are kept until received.
import { paintPage, showEnd } from './page.js';
import { Queue, ask } from './queue.js';
import { ServerTime, timeOfDay } from './server-time.js';
import { Store, keyOf } from './store.js';
import { say, slotName } from './words.js';

const form = document.getElementById('paper');
const facts = form.dataset;
const slots = Number(facts.slots);
const questions = Number(facts.questions);
// Sections with a time of their own: the page holds one of them, and the clock is its.
const first = Number(facts.first || 0);
const last = 'last' in facts ? Number(facts.last) : slots - 1;
const onto = Number(facts.onto || 0); // the next one's number, 0 in the last
const onePage = form.classList.contains('one-page');
const oneWay = 'oneWay' in facts; // no way back: going on to a question is sent like an answer to it
const store = new Store(facts.quiz);
const time = new ServerTime();
const tab = Math.random().toString(36).slice(2);
let deadline = Number(facts.deadline);
let pause = facts.pause ? facts.pause.split(' ').map(Number) : []; // from, until: the clock stands still
let current = Number(facts.current);
let grace = Number(facts.grace);
let isOver = false; // the time is; answers given in it may still be on their way
let hasEnded = false; // nothing more is sent from here
let handingIn = false;
let isOffline = false;
let announced = Infinity;

const arrived = performance.getEntriesByType('navigation')[0];
time.learn(Number(facts.now), arrived ? arrived.requestStart : 0, arrived ? arrived.responseStart || performance.now() : performance.now());

// ── what this device keeps ──────────────────────────────────────────────────────────────────────
const epoch = Number(facts.epoch);
const left = await store.read();
const state = { epoch, sequence: Number(facts.sequence), queue: [], acked: {}, late: [], flags: [], handIn: false, received: 0, away: 0 };
let notice = null;
if (left) {
  state.flags = left.flags || [];
  if (left.epoch === epoch) {
    state.sequence = Math.max(state.sequence, left.sequence);
    state.queue = left.queue;
    state.acked = left.acked || {};
    state.late = left.late || [];
    state.away = left.away || 0;
    state.handIn = left.handIn;
  } else if ((left.queue.length || left.handIn) && left.epoch + 1 === epoch) {
    // Nobody else wrote between: these answers are this device's own and go on under its new epoch,
    // and what was handed in without a line stays handed in.
    state.handIn = left.handIn;
    for (const item of left.queue) {
      state.sequence += 1;
      state.queue.push({ ...item, sequence: state.sequence });
    }
    if (left.queue.length) notice = [say('adopted_title'), say('adopted_words')];
  } else if (left.queue.length) {
    // Another device wrote in the meantime: nothing is merged silently.
    const lost = [...new Set(left.queue.map((item) => item.slot))].sort((a, b) => a - b);
    state.flags = [...new Set([...state.flags, ...lost])];
    notice = [say('old_title'), `${say('old_words')} ${lost.map((slot) => slotName(slot, questions)).join(', ')}.`];
  }
}
state.tab = tab;
state.until = Number(facts.keepUntil);
// Once another tab goes on, what this one knows is old: it must not be written over the other's.
let isForeign = false;
const keep = () => { if (!isForeign) store.write(state); };
keep();
window.addEventListener('beforeunload', (event) => { if (!store.works && state.queue.length) event.preventDefault(); });

// ── fields and answers ──────────────────────────────────────────────────────────────────────────
const sections = [...form.querySelectorAll('[data-slot]')];
const fieldsOf = (slot) => [...form.querySelectorAll(`[name="slot-${slot}"]`)];
// A question of parts has fields named after them: slot-3.ab2cd; its answer is part=value.
const partsOf = (slot) => [...form.querySelectorAll(`[name^="slot-${slot}."]`)];
const partName = (field) => field.name.slice(field.name.indexOf('.') + 1);
const isTicked = (field) => field.type === 'radio' || field.type === 'checkbox';

function answerOf(slot) {
  const parts = partsOf(slot);
  if (parts.length) {
    return parts.filter((field) => (isTicked(field) ? field.checked : field.value.trim()))
      .map((field) => `${partName(field)}=${field.value.trim()}`);
  }
  const fields = fieldsOf(slot);
  if (slot >= questions) return fields[0].value.replace(/\D/g, '') ? [fields[0].value.replace(/\D/g, '')] : [];
  // Words are typed; a list for each row is left at "" until something is chosen.
  if (fields.length && fields[0].type !== 'radio' && fields[0].type !== 'checkbox') return fields.map((field) => field.value.trim()).filter(Boolean);
  return fields.filter((field) => field.checked).map((field) => field.value);
}

function putAnswer(slot, answer) {
  for (const field of partsOf(slot)) {
    const start = `${partName(field)}=`;
    const given = answer.filter((part) => part.startsWith(start)).map((part) => part.slice(start.length));
    if (isTicked(field)) field.checked = given.includes(field.value);
    else field.value = given[0] || '';
  }
  for (const field of fieldsOf(slot)) {
    if (slot >= questions || field.type === 'text' || field.type === 'textarea') field.value = answer[0] || '';
    else if (field.tagName === 'SELECT') field.value = answer.find((part) => [...field.options].some((option) => option.value === part)) || '';
    else field.checked = answer.includes(field.value);
  }
}
// A reload may have asked for the page just before the last answers were received: it does not know them.
for (const [slot, given] of Object.entries(state.acked)) {
  if (given.sequence > Number(facts.sequence)) putAnswer(Number(slot), given.answer);
}
for (const item of state.queue) putAnswer(item.slot, item.answer);
const passed = new Set(oneWay || facts.section ? [...form.querySelectorAll('.pal .a')].map((button) => Number(button.dataset.go)).filter((slot) => slot < (oneWay ? current : first)) : []);
if (oneWay) current = Math.max(current, ...state.queue.map((item) => item.slot), ...Object.keys(state.acked).map(Number));

const queue = new Queue(state, {
  url: facts.save, signature: facts.signature, keep, time,
  tell(event, detail) {
    if (event === 'offline') isOffline = true;
    else if (event === 'received' || event === 'empty') isOffline = false;
    if (event === 'empty' && state.handIn) sendHandIn();
    if (event === 'empty' && isLeaving) sendGoOn();
    if (event === 'section_late') notice = [say('section_late'), say('section_late_words', { n: detail.slot + 1 })];
    if (event === 'late') end('late');
    if (event === 'refused') notice = [say('refused_title'), say('refused_words', { n: detail.slot + 1 })];
    if (event === 'taken_over') end('taken');
    if (event === 'signed_out' || event === 'not_found') lookAway();
    if (event === 'signature') location.reload();
    paint();
  },
});

function paint() {
  const waiting = new Set(state.queue.map((item) => item.slot));
  paintPage({
    current, first, last, onto, slots, questions, onePage, oneWay, isOffline, handingIn, notice,
    flags: state.flags, received: state.received, waiting,
    answered: new Set([...passed, ...sections.map((section) => Number(section.dataset.slot)).filter((slot) => answerOf(slot).length)]),
  });
}

// ── moving about ────────────────────────────────────────────────────────────────────────────────
const check = document.querySelector('[data-check]');

function show(slot, focus = true) {
  current = Math.min(Math.max(slot, first), last);
  check.hidden = true;
  form.hidden = false;
  for (const section of sections) section.hidden = !onePage && Number(section.dataset.slot) !== current;
  history.replaceState(null, '', `?q=${current + 1}`);
  paint();
  const section = sections.find((each) => Number(each.dataset.slot) === current);
  if (onePage) section.scrollIntoView({ block: 'start' });
  else window.scrollTo(0, 0);
  if (focus) {
    const stem = section.querySelector('.q-info, .stem'); // what is to be read first
    stem.tabIndex = -1;
    stem.focus({ preventScroll: true });
  }
}

let warned = -1;
/** One question on where there is no way back; an empty one is left only by a second press. */
function goOn() {
  for (const slot of resting.keys()) saveTyped(slot);
  if (!answerOf(current).length && warned !== current) {
    warned = current;
    notice = [say('empty_title'), say('empty_words')];
    paint();
    return;
  }
  notice = null;
  if (current >= last) { showCheck(); return; }
  queue.add(current + 1, answerOf(current + 1));
  show(current + 1);
}

function showCheck() {
  form.hidden = true;
  check.hidden = false;
  paint();
  check.querySelector('h2').focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (isOver) return;
  const button = event.submitter;
  if (!button) return;
  if (oneWay) { if (button.hasAttribute('data-next')) goOn(); }
  else if (button.value === 'check') showCheck();
  else if (button.hasAttribute('data-previous')) show(current - 1);
  else if (button.hasAttribute('data-next')) { if (current < last) show(current + 1); else showCheck(); }
  else if (button.dataset.go) show(Number(button.dataset.go));
});

let typing = 0;
const savePrediction = () => { clearTimeout(typing); if (!isOver) queue.add(questions, answerOf(questions)); };
// Typed words are sent when the typing rests, and at once when the field is left.
const resting = new Map();
function typedLater(slot) {
  clearTimeout(resting.get(slot));
  resting.set(slot, setTimeout(() => { if (!isOver) saveTyped(slot); }, fieldsOf(slot).some((field) => 'writing' in field.dataset) ? 2500 : 900));
}
const lastTyped = new Map();
function saveTyped(slot) {
  clearTimeout(resting.get(slot));
  resting.delete(slot);
  const answer = answerOf(slot);
  const typed = JSON.stringify(answer);
  if (lastTyped.get(slot) === typed) return;
  lastTyped.set(slot, typed);
  queue.add(slot, answer);
}
form.addEventListener('change', (event) => {
  const section = event.target.closest('[data-slot]');
  if (!section || isOver) return;
  notice = null;
  const slot = Number(section.dataset.slot);
  if (slot >= questions) savePrediction();
  else if (event.target.hasAttribute('data-typed')) saveTyped(slot);
  else queue.add(slot, answerOf(slot));
});
form.addEventListener('input', (event) => {
  if (event.target.hasAttribute('data-typed')) { typedLater(Number(event.target.closest('[data-slot]').dataset.slot)); return; }
  if (event.target.id !== 'prediction') return;
  const digits = event.target.value.replace(/\D/g, '');
  if (digits !== event.target.value) event.target.value = digits;
  clearTimeout(typing);
  typing = setTimeout(savePrediction, 900);
});

const flag = document.querySelector('[data-flag]');
flag.hidden = onePage || oneWay;
flag.addEventListener('click', () => {
  state.flags = state.flags.includes(current) ? state.flags.filter((slot) => slot !== current) : [...state.flags, current];
  keep();
  paint();
});

document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || form.hidden || isOver) return;
  const isText = event.target.matches('input[type=text], textarea, select');
  if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
    if (isText || onePage || oneWay) return;
    event.preventDefault();
    show(current + (event.key === 'ArrowRight' ? 1 : -1));
  } else if (/^[1-8]$/.test(event.key) && !isText && current < questions) {
    const field = fieldsOf(current)[Number(event.key) - 1];
    if (!field || (field.type !== 'radio' && field.type !== 'checkbox')) return;
    event.preventDefault();
    field.focus();
    field.click();
  }
});

// ── handing in ──────────────────────────────────────────────────────────────────────────────────
document.querySelector('[data-back]').addEventListener('click', () => show(current));
document.querySelector('[data-hand-in]').addEventListener('click', () => (onto ? leave() : handIn()));

let isLeaving = false;
/** On to the next section before this one's end, once everything that was given here is received. */
function leave() {
  for (const slot of resting.keys()) saveTyped(slot);
  isLeaving = true;
  notice = [say('section_going'), ''];
  paint();
  if (state.queue.length) queue.wake();
  else sendGoOn();
}

async function sendGoOn() {
  try {
    const answer = await ask(facts.goOn, {
      method: 'POST', headers: { Accept: 'application/json' },
      body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value, section: String(onto) }),
    });
    if (!answer.ok && answer.status < 500) { location.assign(facts.elsewhere); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    toSection();
  } catch {
    isOffline = true;
    tries += 1;
    setTimeout(sendGoOn, Math.min(1000 * 2 ** tries, 15000));
    paint();
  }
}

/** The server shows the section that is on now; what still waits here goes on from its page. */
function toSection() {
  for (const slot of resting.keys()) saveTyped(slot);
  queue.stop();
  keep();
  location.assign(facts.elsewhere);
}

function handIn() {
  for (const slot of resting.keys()) saveTyped(slot);
  state.handIn = true;
  handingIn = true;
  keep();
  paint();
  if (state.queue.length) queue.wake();
  else sendHandIn();
}

let isHandingIn = false;
let tries = 0;
async function sendHandIn() {
  if (isHandingIn || queue.isStopped) return;
  isHandingIn = true;
  try {
    const answer = await ask(facts.submit, {
      method: 'POST', headers: { Accept: 'application/json' },
      body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
    });
    if (answer.status === 401 || answer.status === 404) { lookAway(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.json();
    queue.stop();
    await store.wipe();
    location.replace(body.receipt);
  } catch {
    isOffline = true;
    tries += 1;
    setTimeout(sendHandIn, Math.min(1000 * 2 ** tries, 15000));
    paint();
  } finally {
    isHandingIn = false;
  }
}

/** Nobody or somebody else is signed in now: the answers stay kept, but this page shows them no more. */
function lookAway() {
  if (hasEnded) return;
  for (const slot of resting.keys()) saveTyped(slot);
  hasEnded = true;
  isOver = true;
  queue.stop();
  notice = [say('signed_out_title'), say('signed_out_words'), facts.elsewhere, say('sign_in')];
  form.hidden = true;
  check.hidden = true;
  paint();
}

function end(kind) {
  if (hasEnded) return;
  hasEnded = true;
  isOver = true;
  isForeign = kind === 'tab';
  queue.stop();
  showEnd(kind, { items: kind === 'late' ? state.late : state.queue, questions, receipt: facts.receipt, elsewhere: facts.elsewhere });
  form.hidden = true;
  check.hidden = true;
}

// ── the clock ───────────────────────────────────────────────────────────────────────────────────
const clock = document.querySelector('[data-clock]');
const clockWords = document.querySelector('[data-clock-words]');
const two = (value) => String(value).padStart(2, '0');

const pauseBox = document.querySelector('[data-paused]');
/** The instant that the clock counts from: in a pause its end. */
function clockNow() {
  const now = time.now();
  const isPaused = pause.length > 0 && now >= pause[0] && now < pause[1] && pause[1] < deadline;
  if (isPaused) {
    const words = say('paused_words', { time: timeOfDay(pause[1]) });
    const line = pauseBox.querySelector('[data-paused-words]');
    if (line.textContent !== words) line.textContent = words;
  } else if (!pauseBox.hidden) clockWords.textContent = say('clock_again');
  pauseBox.hidden = !isPaused;
  return isPaused ? pause[1] : now;
}

function tick() {
  if (isOver) return;
  const seconds = Math.max(0, Math.ceil((deadline - clockNow()) / 1000));
  if (seconds > 300) announced = Infinity; // more time was given: say it anew when it runs out
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  clock.textContent = hours ? `${hours}:${rest}` : rest;
  clock.parentElement.classList.toggle('soon', seconds <= 300);
  clock.parentElement.classList.toggle('last', seconds <= 60);
  clock.parentElement.dataset.short = seconds <= 60 && seconds > 0 ? say('minute_short') : '';
  for (const [limit, words] of [[300, 'five_minutes'], [60, 'one_minute']]) {
    if (seconds <= limit && announced > limit) { announced = limit; clockWords.textContent = say(words); }
  }
  if (seconds === 0) timeOver();
  else setTimeout(tick, Math.max(50, (deadline - time.now()) % 1000 + 20));
}

function lock(isLocked) {
  for (const field of form.querySelectorAll('input, select, textarea')) field.disabled = isLocked && field.type !== 'hidden';
}

async function timeOver() {
  // A decision may have moved the end while the page was open: ask before handing in.
  const before = deadline;
  lock(true);
  await look();
  if (onto && !hasEnded) {
    if (deadline > before && deadline > time.now()) { lock(false); tick(); return; }
    if (isOffline) { notice = [say('section_waits'), say('section_waits_words')]; paint(); }
    setTimeout(timeOver, isOffline ? 3000 : 700); // look() goes to the next section by itself
    return;
  }
  if (deadline > before && deadline > time.now()) { lock(false); tick(); return; }
  if (hasEnded) return;
  graceOver();
  if (handingIn) return;
  isOver = true;
  notice = [say('time_over'), isOffline ? say('time_over_offline', { time: timeOfDay(grace) }) : say('time_over_words')];
  handIn();
}

/** What could not be sent by the end of the grace does not count by itself: say so, and keep trying. */
function graceOver() {
  const left = grace - time.now();
  if (left > 0) { setTimeout(graceOver, left + 500); return; }
  if (hasEnded) return;
  if (state.queue.length) notice = [say('grace_over'), say('grace_over_words')];
  paint();
}

/** Learn the server's time, a moved deadline, a take-over, and an end that came elsewhere. */
async function look() {
  const sent = performance.now();
  try {
    const answer = await ask(facts.state, { headers: { Accept: 'application/json' } });
    if (answer.status === 401 || answer.status === 404) { lookAway(); return; }
    if (!answer.ok) return;
    const body = await answer.json();
    time.learn(body.now, sent, performance.now());
    const isMoved = body.deadline > deadline + 1000 && body.section === Number(facts.section || 1);
    if (isMoved && !body.pause.length) notice = [say('moved_title'), say('moved_words', { time: timeOfDay(body.deadline) })];
    deadline = body.deadline;
    grace = body.grace;
    pause = body.pause;
    document.querySelector('[data-annulled]').hidden = !body.annulled;
    isOffline = false;
    if (facts.section && body.section !== Number(facts.section) && !body.ended && body.epoch === epoch) { toSection(); return; }
    if (body.ended && !handingIn) { if (state.queue.length || state.late.length) queue.wake(); else { await store.wipe(); location.replace(facts.receipt); } }
    else if (body.epoch > epoch) end('taken');
    else if (state.queue.length) queue.wake();
  } catch {
    isOffline = true;
  }
  paint();
}

const LOOK_EVERY = 100000; // with its jitter two minutes at most
const lookAgain = () => setTimeout(() => { if (!document.hidden && !isOver) look(); lookAgain(); }, LOOK_EVERY * (0.8 + Math.random() * 0.4));
lookAgain();
document.addEventListener('visibilitychange', () => {
  if (document.hidden || isOver) return;
  // Counted at the return, so that a reload is none; the number travels with the next answer.
  if ('focus' in facts) { state.away += 1; keep(); }
  look();
});
window.addEventListener('online', () => { if (state.handIn && !state.queue.length) sendHandIn(); else queue.wake(); if (!isOver) look(); });
window.addEventListener('pagehide', () => { if (!isOver) for (const slot of resting.keys()) saveTyped(slot); });
window.addEventListener('offline', () => { isOffline = true; paint(); });
window.addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
window.addEventListener('storage', (event) => {
  if (event.key !== keyOf(facts.quiz) || !event.newValue || hasEnded) return;
  if (JSON.parse(event.newValue).tab !== tab) end('tab');
});

document.documentElement.classList.add('with-script');
show(current, false);
store.settled.then(() => {
  if (store.works) return;
  notice = [say('storage_title'), say('storage_words')];
  paint();
});
tick();
if (state.handIn) handIn();
else queue.send();
