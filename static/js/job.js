// The progress of a long task: asked for until it ends, a little slower each time.
const box = document.querySelector('[data-job]');
document.documentElement.classList.add('with-script');

async function look(wait) {
  await new Promise((done) => setTimeout(done, wait * (0.9 + Math.random() * 0.2)));
  try {
    const answer = await fetch(box.dataset.job, { credentials: 'same-origin' });
    if (answer.redirected) return;
    if (answer.ok) box.innerHTML = await answer.text();
  } catch {
    // No line just now; the next look may have one.
  }
  if (box.querySelector('progress')) look(Math.min(wait * 1.2, 5000));
}

if (box && box.querySelector('progress')) look(700);
