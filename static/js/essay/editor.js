// The essay's editor: a textarea becomes a page to write on, words are counted, drafts are kept.
// Without this file the same form works with its textarea.
import { say } from '../quiz/words.js';
import { cleaned, countWords } from './clean.js';
import { Keeper } from './keeper.js';

const script = document.querySelector('script[data-editor]');
const form = document.querySelector('form[data-essay]');
const area = form.querySelector('textarea[name="body"]');
const counter = document.querySelector('[data-count]');
const over = document.querySelector('[data-over]');
const limit = Number(form.dataset.limit);
const locale = document.documentElement.lang === 'vi' ? 'vi-VN' : 'en-GB';

function button(label, content, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.setAttribute('aria-label', label);
  made.title = label;
  made.append(content);
  made.addEventListener('mousedown', (event) => event.preventDefault());
  made.addEventListener('click', act);
  return made;
}

function sign(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function toggleHeading(editor) {
  const inside = /(^|>)H2/.test(editor.getPath());
  editor.modifyBlocks((fragment) => {
    const made = document.createDocumentFragment();
    for (const block of [...fragment.childNodes]) {
      if (block.nodeName === 'P' || block.nodeName === 'H2' || block.nodeName === 'H3') {
        const other = document.createElement(inside ? 'p' : 'h2');
        other.append(...block.childNodes);
        made.append(other);
      } else made.append(block);
    }
    return made;
  });
}

function toolbar(editor) {
  const bar = document.createElement('div');
  bar.className = 'essay-tools';
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', say('tools'));
  const bold = button(say('bold'), sign('b', 'B'), () => (editor.hasFormat('b') ? editor.removeBold() : editor.bold()));
  const italic = button(say('italic'), sign('i', 'I'), () => (editor.hasFormat('i') ? editor.removeItalic() : editor.italic()));
  const heading = button(say('heading'), say('heading'), () => toggleHeading(editor));
  const quote = button(say('quote'), say('quote'), () => (/BLOCKQUOTE/.test(editor.getPath()) ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel()));
  const list = button(say('list'), say('list'), () => (/(^|>)UL/.test(editor.getPath()) ? editor.removeList() : editor.makeUnorderedList()));
  const numbers = button(say('numbers'), say('numbers'), () => (/(^|>)OL/.test(editor.getPath()) ? editor.removeList() : editor.makeOrderedList()));
  bar.append(bold, italic, heading, quote, list, numbers, button(say('undo'), say('undo'), () => editor.undo()), button(say('redo'), say('redo'), () => editor.redo()));
  editor.addEventListener('pathChange', () => {
    const path = editor.getPath();
    bold.setAttribute('aria-pressed', String(editor.hasFormat('b')));
    italic.setAttribute('aria-pressed', String(editor.hasFormat('i')));
    heading.setAttribute('aria-pressed', String(/(^|>)H2/.test(path)));
    quote.setAttribute('aria-pressed', String(/BLOCKQUOTE/.test(path)));
    list.setAttribute('aria-pressed', String(/(^|>)UL/.test(path)));
    numbers.setAttribute('aria-pressed', String(/(^|>)OL/.test(path)));
  });
  return bar;
}

/** Shows a text that only this device has; `decide(true)` takes it. */
function offer(copy, decide) {
  const box = document.querySelector('[data-kept-text]');
  const words = [...cleaned(copy.html).childNodes].map((node) => node.textContent);
  box.querySelector('[data-kept-words]').textContent = [copy.title, ...words].filter(Boolean).join('\n');
  box.querySelector('[data-kept-at]').textContent = new Date(copy.at).toLocaleString(locale, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' });
  box.hidden = false;
  box.tabIndex = -1;
  box.focus();
  for (const [name, take] of [['[data-take-kept]', true], ['[data-drop-kept]', false]]) {
    box.querySelector(name).onclick = () => {
      box.hidden = true;
      decide(take);
    };
  }
}

async function start() {
  const { default: Squire } = await import(script.dataset.editor);
  const page = document.createElement('div');
  page.className = 'essay-rich';
  page.lang = 'vi';
  page.setAttribute('role', 'textbox');
  page.setAttribute('aria-multiline', 'true');
  const label = form.querySelector('label[for="body"]');
  label.id = 'body-label';
  page.setAttribute('aria-labelledby', 'body-label');
  const told = document.querySelector('[data-pictures-lost]');
  const editor = new Squire(page, { blockTag: 'P', sanitizeToDOMFragment: (html) => cleaned(html, () => { told.hidden = false; }), addLinks: false });
  area.before(toolbar(editor), page);
  area.hidden = true;
  label.addEventListener('click', () => editor.focus());
  for (const hint of form.querySelectorAll('[data-without-script]')) hint.hidden = true;
  const stored = form.querySelector('template[data-html]').innerHTML;
  editor.setHTML(stored);

  let composing = false;
  const words = () => [...page.children].map((block) => block.innerText).join('\n');
  const count = () => {
    const number = countWords(words());
    counter.textContent = number.toLocaleString(locale);
    over.hidden = number <= limit;
  };
  const keeper = new Keeper(form, {
    html: () => editor.getHTML(),
    restore: (html) => { editor.setHTML(html); count(); },
    offer,
  });
  count();
  // An input method composes a letter from several keys: nothing is read before it is done.
  page.addEventListener('compositionstart', () => { composing = true; });
  page.addEventListener('compositionend', () => { composing = false; count(); keeper.touched(); });
  editor.addEventListener('input', () => { if (!composing) { count(); keeper.touched(); } });
  form.addEventListener('input', (event) => { if (!page.contains(event.target)) keeper.touched(); });
  form.addEventListener('submit', () => {
    keeper.leaving();
    area.disabled = true; // the editor's words go instead
  });
  for (const place of document.querySelectorAll('[data-place]')) {
    place.hidden = false;
    place.addEventListener('click', () => {
      editor.focus();
      editor.insertImage(place.dataset.place, { alt: '' });
      page.scrollIntoView({ block: 'nearest' });
    });
  }
}

start();
