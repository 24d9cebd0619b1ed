// One search box for choosing a unit (ARIA combobox with a list). Few choices stand in a select,
// which stays the field of the form; many are asked for at the server. Without JavaScript the
// select, or the form's own search, is used as it is.

/** "Đường" → "duong", as the server folds. */
export function fold(words) {
  return words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
}

const LISTED = 60;
const PAUSE = 160;
let serial = 0;

/** The choices of a select: found here, as all of them came with the page. */
function fromSelect(select) {
  const options = [...select.options].map((option) => ({
    value: option.value,
    name: option.textContent.trim(),
    path: option.dataset.path || option.parentElement.label || '',
  }));
  for (const option of options) option.folded = fold(`${option.name} ${option.path}`);
  return {
    field: select,
    old: [select.closest('.select')],
    chosen: options.find((option) => option.value === select.value),
    async find(text) {
      const words = fold(text).split(/\s+/).filter(Boolean);
      const hits = options.filter((option) => (option.value || !words.length) && words.every((word) => option.folded.includes(word)));
      return { found: hits.slice(0, LISTED), total: hits.length, more: hits.length > LISTED };
    },
  };
}

/** The choices of a search at the server; those already in the page are what stands firm. */
function fromServer(box) {
  const read = (radio) => ({
    value: radio.value,
    name: radio.closest('label').querySelector('[data-name]').textContent.trim(),
    path: radio.closest('label').querySelector('small')?.textContent.trim() ?? '',
  });
  const radios = [...box.querySelectorAll('input[type=radio]')];
  const fixed = radios.filter((radio) => 'fixed' in radio.dataset).map(read);
  const checked = radios.find((radio) => radio.checked);
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = box.dataset.name;
  field.value = checked?.value ?? '';
  const known = new Map();
  let asking = null;
  return {
    field,
    old: [...box.children],
    chosen: checked && read(checked),
    pause: PAUSE,
    async find(text) {
      const query = fold(text).trim();
      if (!query) return { found: fixed, total: fixed.length, more: false, quiet: true };
      if (known.has(query)) return known.get(query);
      asking?.abort();
      asking = new AbortController();
      const answer = await fetch(`${box.dataset.find}&q=${encodeURIComponent(text)}`, { signal: asking.signal, credentials: 'same-origin' });
      if (!answer.ok) throw new Error(String(answer.status));
      const { found, more } = await answer.json();
      known.set(query, { found, total: found.length, more });
      return known.get(query);
    },
  };
}

function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function build(box) {
  const select = box.querySelector('select');
  if (select?.multiple) return;
  const before = select ?? box.querySelector('input[type=search]');
  if (!before) return;
  serial += 1;
  const source = select ? fromSelect(select) : fromServer(box);
  const { field } = source;
  const listId = `picker-${serial}`;
  const input = element('input', { className: 'field', type: 'text', id: before.id, autocomplete: 'off', spellcheck: false, placeholder: box.dataset.placeholder }, {
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': listId, autocapitalize: 'none', enterkeyhint: 'search',
  });
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-invalid']) {
    if (before.hasAttribute(name)) input.setAttribute(name, before.getAttribute(name));
  }
  const list = element('ul', { className: 'picker-list', id: listId, hidden: true }, { role: 'listbox' });
  if (before.hasAttribute('aria-labelledby')) list.setAttribute('aria-labelledby', before.getAttribute('aria-labelledby'));
  else list.setAttribute('aria-label', box.dataset.placeholder);
  const path = element('p', { className: 'picker-path', hidden: true });
  const said = element('p', { className: 'picker-said', hidden: true }, { role: 'status' });
  const wrap = element('div', { className: 'search' });
  const sign = box.querySelector('.icon').cloneNode(true);
  const use = sign.querySelector('use');
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, '#search'));
  wrap.append(sign, input);
  const anchor = element('div', { className: 'picker-anchor' });
  anchor.append(wrap, said, list);
  if (select) {
    select.id = `${select.id}-value`;
    source.old[0].hidden = true;
    box.append(anchor, path);
  } else {
    box.replaceChildren(anchor, path, field);
  }

  let { chosen } = source;
  let shown = [];
  let active = -1;
  let timer = 0;
  let turn = 0;
  let shownFor = '';

  function say(words) {
    said.textContent = words;
    said.hidden = !words;
  }

  function showChosen() {
    input.value = chosen && chosen.value ? chosen.name : '';
    if (chosen && !chosen.value) input.placeholder = chosen.name;
    path.textContent = chosen?.value ? chosen.path : '';
    path.hidden = !path.textContent;
  }

  function close() {
    clearTimeout(timer);
    turn += 1;
    list.hidden = true;
    say('');
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((item, position) => {
      item.setAttribute('aria-selected', String(position === index));
      if (position === index) {
        input.setAttribute('aria-activedescendant', item.id);
        item.scrollIntoView({ block: 'nearest' });
      }
    });
    if (index < 0) input.removeAttribute('aria-activedescendant');
  }

  function show({ found, total, more, quiet }) {
    shown = found;
    list.replaceChildren(...shown.map((option, position) => {
      const item = element('li', { id: `${listId}-${position}`, textContent: option.name }, { role: 'option' });
      if (option.path) item.append(element('small', { textContent: option.path }));
      return item;
    }));
    list.hidden = !shown.length;
    input.setAttribute('aria-expanded', String(shown.length > 0));
    if (more) say(box.dataset.more.replace('{n}', String(shown.length)));
    else if (!shown.length && !quiet) say(box.dataset.none);
    else say(quiet ? '' : box.dataset.count.replace('{n}', String(total)));
    mark(shown.length ? 0 : -1);
  }

  async function look(text) {
    turn += 1;
    const mine = turn;
    try {
      const answer = await source.find(text);
      if (mine !== turn) return;
      shownFor = text;
      show(answer);
    } catch (error) {
      if (mine === turn && error.name !== 'AbortError') {
        show({ found: [], total: 0, more: false, quiet: true });
        say(box.dataset.offline);
      }
    }
  }

  function choose(option) {
    if (!option) return;
    chosen = option;
    field.value = option.value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    close();
    showChosen();
  }

  function leave() {
    // An emptied box means "none" where that may be chosen; else what was chosen stands.
    if (!input.value.trim() && chosen?.value) {
      const none = select ? [...select.options].some((option) => !option.value) : true;
      if (none) {
        chosen = undefined;
        field.value = '';
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }
    close();
    showChosen();
  }

  input.addEventListener('input', () => {
    clearTimeout(timer);
    // What stands there before anything was typed is no answer to what is being typed.
    if (!shownFor) list.hidden = true;
    timer = setTimeout(() => look(input.value), source.pause ?? 0);
  });
  input.addEventListener('focus', () => { input.select(); look(''); });
  input.addEventListener('blur', leave);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) look(input.value === chosen?.name ? '' : input.value);
      else mark(Math.max(0, Math.min(shown.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && (!list.hidden || input.value !== (chosen?.value ? chosen.name : ''))) {
      // While the answer is under way the list still belongs to fewer letters: nothing is chosen.
      event.preventDefault();
      if (!list.hidden && input.value === (shownFor || input.value)) choose(shown[active]);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.stopPropagation();
      close();
      showChosen();
    }
  });
  // The box keeps the focus while a finger or the mouse is on the list; a drag only scrolls it.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target.closest('li');
    if (item) choose(shown[[...list.children].indexOf(item)]);
  });
  showChosen();
}

for (const box of document.querySelectorAll('[data-picker]')) build(box);
