// Notes on selected passages. Places count in the plain text: the text of the blocks, one sign for
// the line between two blocks, figures left out; the server counts the same way.

const BLOCKS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'LI']);

/** Signs as the server counts them: a pair of surrogates is one. */
const signs = (text) => [...text].length;

function placeOf(root, node, offset) {
  let place = 0;
  let found = null;
  const walk = (current) => {
    if (found !== null) return;
    if (current === node && current.nodeType !== Node.TEXT_NODE) {
      for (const child of [...current.childNodes].slice(0, offset)) walk(child);
      if (found === null) found = place;
      return;
    }
    if (current.nodeType === Node.TEXT_NODE) {
      if (current.data === '\n') return; // between two blocks
      if (current === node) found = place + signs(current.data.slice(0, offset));
      place += signs(current.data);
      return;
    }
    if (current.nodeName === 'FIGURE') return;
    for (const child of current.childNodes) walk(child);
    if (BLOCKS.has(current.nodeName) || current.nodeName === 'BR') place += 1;
  };
  walk(root);
  return found;
}

/** Send a note; without a line it stays in its form, with words, instead of an error page. */
async function keep(form, words) {
  const line = form.querySelector('[data-note-problem]');
  line.hidden = true;
  try {
    const body = new FormData(form);
    const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
    if (answer.type === 'opaqueredirect') {
      window.history.replaceState({ noted: true }, '');
      window.location.reload();
    } else form.submit(); // what is wrong is said on the page of the answer
  } catch {
    line.hidden = false;
    line.textContent = words.note_waits;
  }
}

/** The other way: node and offset at a place that the server counted. */
function spotAt(root, place) {
  let left = place;
  let found = null;
  const walk = (current) => {
    if (found !== null) return;
    if (current.nodeType === Node.TEXT_NODE) {
      if (current.data === '\n') return; // between two blocks
      const long = signs(current.data);
      if (left <= long) found = { node: current, offset: [...current.data].slice(0, left).join('').length };
      else left -= long;
      return;
    }
    if (current.nodeName === 'FIGURE') return;
    for (const child of current.childNodes) walk(child);
    if (found === null && (BLOCKS.has(current.nodeName) || current.nodeName === 'BR')) left -= 1;
  };
  walk(root);
  return found;
}

/** Select a passage of the text as a mouse would; bring it into view where the form stays in view. */
function select(text, start, end) {
  // A place between two blocks belongs to the end of the first; a passage begins in the second.
  const first = spotAt(text, start + 1);
  const last = spotAt(text, end);
  if (!first || !last) return;
  const range = document.createRange();
  const before = [...first.node.data.slice(0, first.offset)];
  range.setStart(first.node, before.slice(0, -1).join('').length);
  range.setEnd(last.node, last.offset);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  if (!window.matchMedia('(min-width: 1260px)').matches) return;
  const box = first.node.parentElement.getBoundingClientRect();
  if (box.top < 0 || box.bottom > window.innerHeight) first.node.parentElement.scrollIntoView({ block: 'center' });
}

export function listenForNotes(desk, words) {
  const text = desk.querySelector('[data-text]');
  const fold = desk.querySelector('[data-note-new]');
  const form = desk.querySelector('[data-note-form]');
  if (!text || !form) return;
  desk.querySelector('[data-note-hint]').hidden = false;
  const list = form.elements.passage;
  const own = form.querySelector('[data-note-own]');
  const choose = own.textContent;
  const shown = form.querySelector('[data-note-shown]');
  const quote = form.querySelector('[data-note-quote]');
  const cancel = form.querySelector('[data-note-cancel]');
  cancel.hidden = false;
  const cite = (said) => {
    quote.textContent = said.slice(0, 120);
    shown.hidden = !said;
  };
  // A passage that is selected by mouse, touch or caret stands first in the list.
  const show = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return;
    const start = placeOf(text, range.startContainer, range.startOffset);
    const end = placeOf(text, range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return;
    const value = `${start}-${end}`;
    const said = selection.toString();
    cite(said);
    fold.open = true;
    if (list.value === value) return;
    own.value = value;
    own.textContent = said.slice(0, 60);
    list.value = value;
  };
  document.addEventListener('selectionchange', show);
  list.addEventListener('change', () => {
    const [start, end] = list.value.split('-').map(Number);
    if (list.value) select(text, start, end);
    else cite('');
  });
  // After a note was kept and the page loaded again, the keyboard goes on where it was.
  if (window.history.state?.noted) {
    window.history.replaceState(null, '');
    fold.querySelector('summary').focus({ preventScroll: true });
  }
  const close = () => {
    document.getSelection().removeAllRanges();
    own.value = '';
    own.textContent = choose;
    list.value = '';
    cite('');
    fold.open = false;
    fold.querySelector('summary').focus();
  };
  cancel.addEventListener('click', close);
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keep(form, words);
  });
  for (const line of desk.querySelectorAll('[data-note-line]')) {
    const passages = text.querySelectorAll(`mark[data-note="${line.dataset.noteLine}"]`);
    const light = (on) => passages.forEach((each) => each.classList.toggle('here', on));
    for (const name of ['mouseenter', 'focusin']) line.addEventListener(name, () => light(true));
    for (const name of ['mouseleave', 'focusout']) line.addEventListener(name, () => light(false));
  }
}
