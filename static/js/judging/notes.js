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
    if (answer.type === 'opaqueredirect') window.location.reload();
    else form.submit(); // what is wrong is said on the page of the answer
  } catch {
    line.hidden = false;
    line.textContent = words.note_waits;
  }
}

export function listenForNotes(desk, words) {
  const text = desk.querySelector('[data-text]');
  const form = desk.querySelector('[data-note-form]');
  if (!text || !form) return;
  desk.querySelector('[data-note-hint]').hidden = false;
  const show = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return;
    const start = placeOf(text, range.startContainer, range.startOffset);
    const end = placeOf(text, range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return;
    form.elements.start.value = start;
    form.elements.end.value = end;
    form.querySelector('[data-note-quote]').textContent = selection.toString().slice(0, 120);
    form.hidden = false;
  };
  document.addEventListener('selectionchange', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keep(form, words);
  });
  form.querySelector('[data-note-cancel]').addEventListener('click', () => {
    form.hidden = true;
  });
  for (const line of desk.querySelectorAll('[data-note-line]')) {
    const passages = text.querySelectorAll(`mark[data-note="${line.dataset.noteLine}"]`);
    line.addEventListener('mouseenter', () => passages.forEach((each) => each.classList.add('here')));
    line.addEventListener('mouseleave', () => passages.forEach((each) => each.classList.remove('here')));
  }
}
