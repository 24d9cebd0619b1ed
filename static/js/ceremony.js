// The big screen by keyboard: → or space reveals the next level, ← goes back, as a presenter does.

const go = (rel) => document.querySelector(`a[rel="${rel}"]`)?.click();

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (["ArrowRight", " ", "PageDown"].includes(event.key)) {
    if (event.key === " " && event.target.closest("a, button")) return;
    event.preventDefault();
    go("next");
  } else if (["ArrowLeft", "PageUp"].includes(event.key)) {
    event.preventDefault();
    go("prev");
  }
});
