// The receipt: the slip can be kept as a picture. What the device kept is wiped by late.js.
const button = document.querySelector('[data-save-picture]');
const slip = document.querySelector('[data-receipt-slip]');
const SCALE = 3;
const WIDTH = 390;
const EDGE = 28;

/** Lines that fit into a width. */
function wrap(pen, text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > width) { lines.push(line); line = word; } else line = longer;
  }
  return [...lines, line];
}

function draw() {
  const styles = getComputedStyle(document.documentElement);
  const family = styles.getPropertyValue('--font') || 'sans-serif';
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  const steps = [];
  let y = 34;
  const put = (text, { size = 15, weight = 400, align = 'left', colour = '#221D18', gap = 8, width = WIDTH - 2 * EDGE }) => {
    pen.font = `${weight} ${size}px ${family}`;
    for (const line of wrap(pen, text, width)) {
      const at = y + size;
      steps.push(() => {
        pen.font = `${weight} ${size}px ${family}`;
        pen.fillStyle = colour;
        pen.textAlign = align;
        pen.fillText(line, align === 'center' ? WIDTH / 2 : align === 'right' ? WIDTH - EDGE : EDGE, at);
      });
      y += size * 1.5;
    }
    y += gap;
  };
  const words = (selector, from = slip) => (from.querySelector(selector)?.textContent || '').trim().replace(/\s+/g, ' ');
  put('Gương Sáng', { size: 15, weight: 600, colour: '#A3241F' });
  put(words('.slip-top b'), { size: 19, weight: 600, gap: 0 });
  put(words('.slip-top small'), { size: 14, colour: '#6B6259', gap: 14 });
  put(words('[data-receipt-code]'), { size: 27, weight: 600, align: 'center', gap: 14 });
  for (const row of slip.querySelectorAll('dl > div')) {
    put(words('dt', row), { size: 13, colour: '#6B6259', gap: 0 });
    put(words('dd', row), { size: 16, weight: 500, gap: 6 });
  }
  put(words('.sum span'), { size: 12, colour: '#6B6259', gap: 0 });
  put(words('[data-receipt-digest]'), { size: 12, gap: 18 });
  canvas.width = WIDTH * SCALE;
  canvas.height = y * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = '#FFFFFF';
  pen.fillRect(0, 0, WIDTH, y);
  for (const step of steps) step();
  return canvas;
}

if (button && slip && HTMLCanvasElement.prototype.toBlob) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await document.fonts.ready;
    draw().toBlob((blob) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, 'image/png');
  });
}
