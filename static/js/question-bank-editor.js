// The editor shows as many option rows as are needed; without this script all eight are there.
const form = document.querySelector("[data-editor]");
const rows = form ? [...form.querySelectorAll("[data-option]")] : [];
const least = Math.min(rows.length, 4);

function show() {
  let last = -1;
  rows.forEach((row, place) => {
    const field = row.querySelector("textarea");
    const chosen = row.querySelector("[name=key]").checked;
    if (field.value.trim() || chosen || row.classList.contains("has-error")) last = place;
  });
  // One empty row more than is filled, so that there is always a place to write on.
  const shown = Math.max(least, last + 2);
  rows.forEach((row, place) => { row.hidden = place >= shown; });
}

if (rows.length > 2) {
  form.addEventListener("input", show);
  show();
}
