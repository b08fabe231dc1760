// Keys for cards: space shows the answer, 1 to 4 grade it, a letter or number picks an option. Only where nothing is
// typed into, and never with a key that the browser or a screen reader needs.

const TYPED = "input, textarea, select, [contenteditable]";
const PRESSED = "button, a, summary";

function chosen(card, key) {
  const grades = card.querySelectorAll(".grades button");
  const hidden = card.querySelector("details.fold:not([open]) .grades");
  if (grades.length) return hidden ? undefined : grades[Number(key) - 1];
  return card.querySelector(`#option-${key}`) ?? card.querySelectorAll(".options button")[Number(key) - 1];
}

document.addEventListener("keydown", (event) => {
  const card = document.querySelector("#page .cards");
  if (!card || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest?.(TYPED) || document.querySelector("dialog[open]")) return;
  if (event.key === " ") {
    const fold = card.querySelector("details.fold");
    if (!fold || event.target.closest?.(PRESSED)) return; // which the key presses itself
    event.preventDefault();
    fold.open = !fold.open;
    return;
  }
  const button = /^[1-4a-d]$/.test(event.key) ? chosen(card, event.key) : undefined;
  if (!button) return;
  event.preventDefault();
  button.click();
});
