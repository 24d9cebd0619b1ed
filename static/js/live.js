// <div data-live="/url" data-every="10">: the server's fragment, asked again with its ETag.
// Jitter keeps a hall of browsers from asking in the same second; a hidden page does not ask.

for (const box of document.querySelectorAll('[data-live]')) {
  const every = Number(box.dataset.every || 10) * 1000;
  let etag = null;
  let shown = '';
  let failures = 0;
  let timer = 0;

  const lost = document.querySelector('[data-live-lost]'); // what to say while there is no line

  const later = () => {
    clearTimeout(timer);
    const wait = every * (0.8 + Math.random() * 0.4) * 2 ** Math.min(failures, 4);
    timer = setTimeout(ask, wait);
  };

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.live, {
        headers: { 'X-Fragment': '1', ...(etag ? { 'If-None-Match': etag } : {}) },
        credentials: 'same-origin',
      });
      if (answer.status === 200 && !answer.redirected) {
        etag = answer.headers.get('ETag');
        const text = await answer.text();
        // The same again is not put in again: a screen reader would read it out each time.
        if (text !== shown && !box.contains(document.activeElement)) { box.innerHTML = text; shown = text; }
      } else if (answer.status === 401 || answer.status === 403 || answer.redirected) {
        return;
      }
      const clock = box.querySelector('[data-live-time]');
      const said = Date.parse(answer.headers.get('Date'));
      if (clock && said) clock.textContent = new Date(said).toLocaleTimeString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' });
      failures = 0;
      if (lost) lost.hidden = true;
      if (answer.headers.get('X-Done')) {
        location.reload();
        return;
      }
    } catch {
      failures += 1;
      if (lost) lost.hidden = false;
    }
    later();
  }

  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
  window.addEventListener('online', ask);
  later();
}
