// Drawing: palette, legend, save state, buttons and the ends of an attempt.
import { timeOfDay } from './server-time.js';
import { say, slotName } from './words.js';

const one = (selector) => document.querySelector(selector);
const palette = [...document.querySelectorAll('.pal [data-go]')];
const parts = {
  where: one('[data-where]'), of: one('[data-of]'), saved: one('[data-saved]'), offline: one('[data-offline]'), notice: one('[data-notice]'),
  next: one('[data-next-words]'), previous: one('[data-previous]'), flag: one('[data-flag]'),
};
const pageTitle = document.title.split(' · ').slice(1).join(' · ');

function count(name, value, words, hide = null) {
  const box = one(`[data-count="${name}"]`);
  const text = say(words, { n: value });
  if (box.textContent !== text) box.textContent = text;
  if (hide) one(hide).hidden = value === 0;
}

/** @param {object} view what is to be seen; see attempt.js */
export function paintPage(view) {
  const { current, slots, questions, flags, waiting, answered, isOffline } = view;
  for (const button of palette) {
    const slot = Number(button.dataset.go);
    const isWaiting = waiting.has(slot);
    const isAnswered = answered.has(slot);
    const isFlagged = flags.includes(slot);
    button.className = [isWaiting ? 'w' : isAnswered ? 'a' : '', isFlagged ? 'f' : '', slot === current && !view.onePage ? 'c' : ''].filter(Boolean).join(' ');
    if (slot === current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
    const states = [isWaiting ? say('is_waiting') : isAnswered ? say('is_answered') : say('is_empty'), isFlagged ? say('is_flagged') : ''];
    button.setAttribute('aria-label', [button.dataset.name, ...states.filter(Boolean)].join(', '));
  }
  const received = [...answered].filter((slot) => !waiting.has(slot)).length;
  count('a', received, waiting.size ? 'got' : 'answered');
  count('w', waiting.size, 'waiting', '[data-waiting]');
  count('f', flags.length, 'flagged', '[data-flagged]');
  count('e', slots - answered.size, 'empty');

  const name = slotName(current, questions);
  const of = current >= questions ? '' : say('of', { total: questions });
  if (parts.where.textContent !== name) parts.where.textContent = name;
  parts.of.textContent = of;
  document.title = `${of ? `${name} ${of}` : name} · ${pageTitle}`;
  const onward = view.onto ? say('next_section', { n: view.onto }) : say('next_check');
  parts.next.textContent = current >= view.last || view.onePage ? onward : slotName(current + 1, questions);
  parts.previous.disabled = current === view.first;
  if (view.oneWay) for (const button of palette) button.disabled = Number(button.dataset.go) !== current;
  parts.flag.setAttribute('aria-pressed', String(flags.includes(current)));

  paintSaved(view, waiting.size);
  paintNotice(view);
  paintCheck(view);
  parts.offline.hidden = !(isOffline && waiting.size) || view.handingIn;
  const last = parts.offline.querySelector('[data-last-received]');
  if (view.received) last.textContent = say('last_received', { time: timeOfDay(view.received) });
}

function paintSaved(view, waiting) {
  const line = parts.saved.querySelector('span');
  if (waiting && view.isOffline) { parts.saved.hidden = true; return; }
  if (waiting) {
    parts.saved.hidden = false;
    parts.saved.classList.add('going');
    line.textContent = say('sending');
  } else if (view.received) {
    parts.saved.hidden = false;
    parts.saved.classList.remove('going');
    line.textContent = say('received', { time: timeOfDay(view.received) });
  }
}

function paintNotice(view) {
  let notice = view.notice;
  if (view.handingIn && !notice) notice = view.isOffline ? [say('hand_in_waits'), say('hand_in_waits_words')] : [say('handing_in'), ''];
  parts.notice.hidden = !notice;
  if (!notice) return;
  const [title, words, href, label] = notice;
  one('[data-notice-title]').textContent = title;
  const box = one('[data-notice-words]');
  box.textContent = words;
  if (href) {
    const link = document.createElement('a');
    link.href = href;
    link.textContent = label;
    box.append(' ', link);
  }
}

function paintCheck(view) {
  const box = one('[data-check]');
  if (box.hidden) return;
  const empty = [...Array(view.slots).keys()].filter((slot) => slot >= view.first && slot <= view.last && !view.answered.has(slot));
  const [some, none] = view.onto ? ['section_empty', 'section_full'] : ['some_empty', 'all_answered'];
  const words = [empty.length ? say(some, { n: empty.length }) : say(none)];
  if (view.waiting.size) words.push(say('some_waiting', { n: view.waiting.size }));
  one('[data-check-words]').textContent = words.join(' ');
  const list = one('[data-check-list]');
  const flagged = view.flags.filter((slot) => slot >= view.first && slot <= view.last);
  const wanted = [...new Set([...empty, ...flagged])].sort((a, b) => a - b);
  list.replaceChildren(...wanted.map((slot) => {
    const item = document.createElement('li');
    const link = document.createElement('button');
    link.type = 'button';
    link.className = 'btn btn-small';
    const state = [empty.includes(slot) ? say('is_empty') : '', view.flags.includes(slot) ? say('is_flagged') : ''].filter(Boolean).join(', ');
    link.textContent = `${slotName(slot, view.questions)} – ${state}`;
    link.disabled = view.oneWay && slot !== view.current;
    link.addEventListener('click', () => document.querySelector(`.pal [data-go="${slot}"]`).click());
    item.append(link);
    return item;
  }));
  const button = one('[data-hand-in]');
  button.disabled = view.handingIn;
}

function texts(item) {
  const section = document.querySelector(`[data-slot="${item.slot}"]`);
  if ('prediction' in section.dataset) return item.answer.join('');
  return item.answer.map((id) => {
    const named = section.querySelector('[name*="."]') !== null;
    const value = named ? id.slice(id.indexOf('=') + 1) : id;
    const field = [...section.querySelectorAll('input, option')].find((each) => each.value === value);
    const words = field && (field.closest('label') ? field.closest('label').querySelector('.t') : field);
    return words ? words.textContent : value;
  }).join('; ');
}

/** The attempt goes on elsewhere, or is over: what was not received is shown, never lost silently. */
export function showEnd(kind, { items, questions, receipt, elsewhere }) {
  const box = one('[data-ended]');
  const name = { taken: 'taken', tab: 'tab', late: 'late' }[kind];
  one('[data-ended-title]').textContent = say(`${name}_title`);
  const words = one('[data-ended-words]');
  if (kind === 'taken') words.textContent = `${say('taken_words')} ${items.length ? say('taken_queue') : say('taken_none')}`;
  else if (kind === 'tab') words.textContent = say('tab_words');
  else words.textContent = items.length ? say('late_words') : '';
  one('[data-ended-list]').replaceChildren(...(kind === 'tab' ? [] : items).map((item) => {
    const line = document.createElement('li');
    line.textContent = `${slotName(item.slot, questions)}: ${texts(item)}`;
    return line;
  }));
  const link = document.createElement('a');
  link.className = 'btn btn-primary btn-big';
  link.href = kind === 'late' ? receipt : elsewhere;
  link.textContent = say(kind === 'late' ? 'to_receipt' : kind === 'tab' ? 'reload' : 'take_back');
  one('[data-ended-actions]').replaceChildren(link);
  parts.saved.hidden = true;
  parts.offline.hidden = true;
  parts.notice.hidden = true;
  box.hidden = false;
  box.querySelector('h2').focus({ preventScroll: true });
}
