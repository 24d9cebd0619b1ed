// The mark sheet: steppers, keyboard, bands of the criterion in hand, total.

const HUNDREDTHS = 10_000;

/** Points typed with a comma or point as whole ten-thousandths; null when empty, NaN when wrong. */
export function units(text) {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return null;
  return /^\d+(\.\d{1,4})?$/.test(typed) ? Math.round(Number(typed) * HUNDREDTHS) : NaN;
}

export class Marks {
  constructor(form, words, changed) {
    this.words = words;
    this.changed = changed;
    this.rows = [...form.querySelectorAll('[data-criterion]')].map((box) => ({
      box,
      input: box.querySelector('input'),
      most: units(box.dataset.max),
      step: units(box.dataset.step),
      bands: box.querySelector('.bands'),
    }));
    this.total = form.querySelector('[data-total]');
    this.missing = form.querySelector('[data-missing]');
    this.here = Math.max(0, this.rows.findIndex((row) => row.input.value === ''));
    for (const [place, row] of this.rows.entries()) this.listen(place, row);
    this.show();
  }

  listen(place, row) {
    for (const [selector, way] of [['[data-less]', -1], ['[data-more]', 1]]) {
      const button = row.box.querySelector(selector);
      button.hidden = false;
      button.addEventListener('click', () => {
        this.choose(place);
        this.move(row, way);
      });
    }
    row.box.addEventListener('focusin', () => this.choose(place));
    row.box.addEventListener('click', () => this.choose(place));
    row.input.addEventListener('input', () => this.update());
    row.input.addEventListener('keydown', (event) => this.key(event));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = this.rows[this.here];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const to = this.here + (event.key === 'ArrowDown' ? 1 : -1);
      if (to >= 0 && to < this.rows.length) {
        this.choose(to);
        this.rows[to].input.focus({ preventScroll: false });
      }
    } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      this.move(row, event.key === 'ArrowRight' ? 1 : -1);
    } else return;
    event.preventDefault();
  }

  move(row, way) {
    const now = units(row.input.value);
    let next;
    if (now === null || Number.isNaN(now)) next = way > 0 ? row.step : 0;
    else if (way > 0) next = Math.min(row.most, (Math.floor(now / row.step) + 1) * row.step);
    else next = Math.max(0, (Math.ceil(now / row.step) - 1) * row.step);
    row.input.value = this.written(next);
    this.update();
  }

  written(value) {
    const text = (value / HUNDREDTHS).toFixed(4).replace(/0+$/, '').replace(/\.$/, '');
    return text.replace('.', this.words.decimal);
  }

  choose(place) {
    if (this.here !== place) {
      this.here = place;
      this.show();
    }
  }

  isWrong(row) {
    const value = units(row.input.value);
    if (value === null) return false;
    if (Number.isNaN(value) || value > row.most) return true;
    return value % row.step !== 0 && value !== row.most;
  }

  update() {
    this.show();
    this.changed();
  }

  show() {
    let sum = 0;
    let left = 0;
    for (const [place, row] of this.rows.entries()) {
      row.box.classList.toggle('on', place === this.here);
      const wrong = this.isWrong(row);
      row.input.toggleAttribute('aria-invalid', wrong);
      if (wrong) row.input.setAttribute('aria-invalid', 'true');
      const value = units(row.input.value);
      if (value === null || wrong) left += 1;
      else sum += value;
      this.showBands(row, wrong ? null : value);
    }
    this.total.textContent = left === this.rows.length ? '–' : this.written(sum);
    this.missing.textContent = left ? this.words.left.replace('{n}', left) : this.words.none_left;
  }

  showBands(row, value) {
    if (!row.bands) return;
    row.bands.classList.toggle('judged', value !== null);
    for (const band of row.bands.querySelectorAll('[data-band]')) {
      const fits = value !== null && value >= units(band.dataset.low) && value <= units(band.dataset.high);
      band.classList.toggle('fits', fits);
    }
  }

  get good() {
    return this.rows.every((row) => !this.isWrong(row));
  }

  get whole() {
    return this.good && this.rows.every((row) => row.input.value.trim() !== '');
  }

  values() {
    return Object.fromEntries(this.rows.map((row) => [row.input.name, row.input.value]));
  }

  fill(values) {
    for (const row of this.rows) {
      if (typeof values[row.input.name] === 'string') row.input.value = values[row.input.name];
    }
    this.show();
  }
}
