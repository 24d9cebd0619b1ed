// Minus and plus round a number; the number can be typed as well.
for (const box of document.querySelectorAll('[data-stepper]')) {
  const input = box.querySelector('input');
  for (const button of box.querySelectorAll('[data-step]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      if (input.value === '') input.value = input.min || '0';
      else if (button.dataset.step === '1') input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}
