// The page's sentences, written by the server in the reader's language.

const box = document.querySelector('template[data-words]');
const words = box ? JSON.parse(box.content.textContent) : {};

/** A sentence with its values put in: say('question', {n: 7}). */
export function say(name, values = {}) {
  return (words[name] || name).replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

/** "Question 7", or the prediction question. @param {number} slot from 0 */
export function slotName(slot, questions) {
  return slot >= questions ? say('prediction') : say('question', { n: slot + 1 });
}
