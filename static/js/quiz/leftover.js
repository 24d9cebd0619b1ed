// The attempt is open elsewhere: show which answers of this device were never received.
import { Store } from './store.js';
import { slotName } from './words.js';

const box = document.querySelector('[data-leftover]');
const left = box && (await new Store(box.dataset.leftover).read());
if (left && left.queue && left.queue.length) {
  const slots = [...new Set(left.queue.map((item) => item.slot))].sort((a, b) => a - b);
  box.querySelector('ul').append(...slots.map((slot) => {
    const line = document.createElement('li');
    line.textContent = slotName(slot, Infinity);
    return line;
  }));
  box.hidden = false;
}
