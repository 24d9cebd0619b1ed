// A long select becomes a search box that finds with or without marks. The select stays the
// field of the form; without JavaScript it is simply used as it is.

/** "Đường" → "duong", as the server folds. */
export function fold(words) {
  return words.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
}

const LIMIT = 60;
let serial = 0;

for (const box of document.querySelectorAll('[data-picker]')) {
  const select = box.querySelector('select');
  if (!select || select.multiple) continue;
  serial += 1;
  const options = [...select.options].filter((option) => option.value).map((option) => ({
    value: option.value,
    name: option.textContent.trim(),
    path: option.dataset.path || option.parentElement.label || '',
    folded: fold(`${option.textContent} ${option.dataset.path || option.parentElement.label || ''}`),
  }));

  const wrap = document.createElement('div');
  wrap.className = 'search';
  const sign = box.querySelector('.icon').cloneNode(true);
  sign.querySelector('use').setAttribute('href', sign.querySelector('use').getAttribute('href').replace(/#.*/, '#search'));
  const input = document.createElement('input');
  input.className = 'field';
  input.type = 'text';
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.placeholder = box.dataset.placeholder;
  input.id = select.id;
  const list = document.createElement('ul');
  list.className = 'picker-list';
  list.id = `picker-${serial}`;
  list.setAttribute('role', 'listbox');
  list.hidden = true;
  const said = document.createElement('p');
  said.className = 'sr';
  said.setAttribute('role', 'status');
  for (const [key, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id]]) {
    input.setAttribute(key, value);
  }
  for (const name of ['aria-describedby', 'aria-invalid']) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.id = `${select.id}-value`;
  select.closest('.select').hidden = true;
  wrap.append(sign, input);
  box.append(wrap, list, said);
  list.setAttribute('aria-label', box.dataset.placeholder);

  let active = -1;
  let shown = [];
  const chosen = () => options.find((option) => option.value === select.value);
  const showChosen = () => { input.value = chosen()?.name ?? ''; };

  function close() {
    list.hidden = true;
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
  }

  function open(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const found = options.filter((option) => words.every((word) => option.folded.includes(word)));
    shown = found.slice(0, LIMIT);
    list.replaceChildren(...shown.map((option, position) => {
      const item = document.createElement('li');
      item.id = `${list.id}-${position}`;
      item.setAttribute('role', 'option');
      item.textContent = option.name;
      if (option.path) {
        const small = document.createElement('small');
        small.textContent = option.path;
        item.append(small);
      }
      return item;
    }));
    if (!shown.length) {
      const none = document.createElement('li');
      none.className = 'none';
      none.textContent = box.dataset.none;
      list.append(none);
    }
    said.textContent = (box.dataset.count || '{n}').replace('{n}', String(found.length));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark(shown.length ? 0 : -1);
  }

  function choose(option) {
    if (!option) return;
    select.value = option.value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    showChosen();
    close();
  }

  input.addEventListener('input', () => { if (!input.value) select.value = ''; open(input.value); });
  input.addEventListener('focus', () => { input.select(); open(''); });
  input.addEventListener('blur', () => setTimeout(() => { close(); showChosen(); }, 150));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) open(input.value);
      else mark(Math.max(0, Math.min(shown.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter' && !list.hidden) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.stopPropagation();
      close();
      showChosen();
    }
  });
  list.addEventListener('pointerdown', (event) => {
    const item = event.target.closest('li');
    if (item) { event.preventDefault(); choose(shown[[...list.children].indexOf(item)]); }
  });
  showChosen();
}
