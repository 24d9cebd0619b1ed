// The blueprint's table: the sum while typing, and cells that ask for more than the bank holds.
import { say } from './words.js';

const form = document.querySelector('[data-blueprint]');
const total = form && form.querySelector('[data-total]');

function add() {
  let sum = 0;
  for (const field of form.querySelectorAll('[data-stock]')) {
    const text = field.value.trim();
    const count = /^\d+$/.test(text) ? Number(text) : 0;
    sum += count;
    field.closest('td').classList.toggle('short', count > Number(field.dataset.stock));
  }
  // The server wrote the sentence for one and for many with a number in it: put ours there.
  total.textContent = (sum === 1 ? say('one') : say('many')).replace(/\d+/, String(sum));
}

if (total) {
  form.addEventListener('input', add);
  add();
}
