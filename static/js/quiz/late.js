// The attempt has ended while answers of this device were on their way (the line was gone, the phone
// died): they go to the server as evidence, and the person is told which they are.
import { Queue } from './queue.js';
import { ServerTime } from './server-time.js';
import { Store } from './store.js';
import { say, slotName } from './words.js';

const box = document.querySelector('[data-late]');
const facts = box.dataset;
const store = new Store(facts.late);
const left = await store.read();

function tell(words, items) {
  box.querySelector('p').textContent = words;
  const slots = [...new Set(items.map((item) => item.slot))].sort((a, b) => a - b);
  box.querySelector('ul').replaceChildren(...slots.map((slot) => {
    const line = document.createElement('li');
    line.textContent = slotName(slot, Number(facts.questions));
    return line;
  }));
  box.hidden = false;
}

/** Everything is told: the device keeps it no longer. */
function finish(words, items) {
  if (items.length) tell(words, items);
  store.wipe();
}

if (!left || !left.queue.length) finish(say('late_words'), (left && left.late) || []);
else {
  const state = { late: [], acked: {}, ...left };
  const queue = new Queue(state, {
    url: facts.save, signature: facts.signature, keep: () => store.write(state), time: new ServerTime(),
    tell(event) {
      if (event === 'offline') tell(say('late_waits'), state.queue);
      if (event === 'late' || event === 'empty') finish(say('late_words'), state.late);
      if (event === 'taken_over') finish(say('taken_queue'), state.queue);
    },
  });
  queue.send();
  window.addEventListener('online', () => queue.wake());
}
