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

// Of the parts of a question those written and one more are shown.
const parts = form ? [...form.querySelectorAll("[data-part]")] : [];
function showParts() {
  let last = -1;
  parts.forEach((part, place) => {
    const fields = [...part.querySelectorAll("textarea")];
    if (fields.some((field) => field.value.trim()) || part.classList.contains("has-error")) last = place;
  });
  parts.forEach((part, place) => { part.hidden = place > last + 1; });
}
if (parts.length) {
  form.addEventListener("input", showParts);
  showParts();
}

if (rows.length > 2) {
  form.addEventListener("input", show);
  show();
}
