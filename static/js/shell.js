// What every page has: colours of the page, menus that close, unsaved forms, small notices.
// Everything here only adds to pages that already work without it.

const root = document.documentElement;

function applyTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  const year = 60 * 60 * 24 * 365;
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `theme=${theme || 'auto'}; path=/; max-age=${year}; samesite=lax${secure}`;
  showTheme();
}

function showTheme() {
  const theme = root.dataset.theme || '';
  for (const button of document.querySelectorAll('[data-set-theme]')) {
    button.setAttribute('aria-pressed', String(button.dataset.setTheme === theme));
  }
}

for (const group of document.querySelectorAll('[data-theme-switch]')) group.hidden = false;
showTheme();

export function toast(words) {
  const region = document.querySelector('[data-toasts]');
  if (!region || !words) return;
  const note = document.createElement('p');
  note.className = 'toast';
  note.textContent = words;
  region.append(note);
  setTimeout(() => note.remove(), 5000);
}
document.addEventListener('gs:toast', (event) => toast(event.detail));

document.addEventListener('click', async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
  const themed = target.closest('[data-set-theme]');
  if (themed) applyTheme(themed.dataset.setTheme);
  const revealer = target.closest('[data-reveal]');
  if (revealer) {
    const input = document.getElementById(revealer.dataset.reveal);
    const shown = input.type === 'text';
    input.type = shown ? 'password' : 'text';
    revealer.setAttribute('aria-pressed', String(!shown));
  }
  const copier = target.closest('[data-copy]');
  if (copier) {
    await navigator.clipboard.writeText(copier.dataset.copy);
    toast(copier.dataset.done);
  }
  const sharer = target.closest('[data-share]');
  if (sharer) {
    const url = new URL(sharer.dataset.share, location.href).href;
    if (navigator.share) {
      await navigator.share({ title: sharer.dataset.title, url }).catch(() => {});
    } else {
      await navigator.clipboard.writeText(url);
      toast(sharer.dataset.done);
    }
  }
  if (target.closest('[data-print]')) window.print();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector('details.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

for (const button of document.querySelectorAll('[data-reveal], [data-print]')) button.hidden = false;
if (navigator.clipboard || navigator.share) {
  for (const button of document.querySelectorAll('[data-copy], [data-share]')) button.hidden = false;
}

// Forms that lose work when left: <form data-guard>. The browser asks in its own words.
let dirty = false;
for (const form of document.querySelectorAll('form[data-guard]')) {
  form.addEventListener('input', () => { dirty = true; });
  form.addEventListener('submit', () => { dirty = false; });
}
window.addEventListener('beforeunload', (event) => {
  if (dirty) event.preventDefault();
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  // A second press on a slow line must not send twice.
  if (form.method === 'post' && !event.defaultPrevented) {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = '1';
    setTimeout(() => delete form.dataset.sent, 8000);
  }
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// <select data-submit> sends its form when changed; the form has a button for those without JavaScript.
for (const select of document.querySelectorAll('select[data-submit]')) {
  select.addEventListener('change', () => select.form.requestSubmit());
  const button = select.form.querySelector('[data-only-without-script]');
  if (button) button.hidden = true;
}

document.querySelector('[data-focus]')?.focus();

// Answers of a quiz that this device kept for somebody go some days after their round.
try {
  if (Object.keys(localStorage).some((key) => key.startsWith('guong-sang.attempt.'))) import('./quiz/store.js').then((store) => store.sweep());
} catch {
  // the browser keeps nothing
}
