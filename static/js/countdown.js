// <p data-countdown="seconds" data-reload>: days, hours, minutes; seconds in the last hour.
import { runClock } from './clock.js';

for (const box of document.querySelectorAll('[data-countdown]')) {
  const unit = (name) => box.querySelector(`[data-unit="${name}"]`);
  const write = (name, value, shown) => {
    const part = unit(name);
    if (!part) return;
    part.hidden = !shown;
    const number = part.querySelector('b');
    if (number.textContent !== value) number.textContent = value;
  };
  const first = Number(box.dataset.countdown);
  runClock(first, (left) => {
    const whole = Math.ceil(left);
    write('days', String(Math.floor(whole / 86400)), whole >= 86400);
    write('hours', String(Math.floor((whole % 86400) / 3600)), whole >= 3600);
    write('minutes', String(Math.floor((whole % 3600) / 60)).padStart(2, '0'), true);
    write('seconds', String(whole % 60).padStart(2, '0'), whole < 3600);
    if (left === 0 && first > 0 && 'reload' in box.dataset) {
      // Thousands wait for the same second: spread them.
      setTimeout(() => location.reload(), 500 + Math.random() * 3000);
    }
  });
}
