// Keys for cards: space shows the answer, 1 to 4 grade it, a letter or number picks an option; a passage to judge has
// buttons that name their own key. Only where nothing is typed into, and never with a key that the browser or a screen
// reader needs.

const TYPED = "input, textarea, select, [contenteditable]";
const PRESSED = "button, a, summary";

function chosen(card, key) {
  const named = card.querySelectorAll("button[data-key]");
  if (named.length) return card.querySelector("[aria-busy='true']") ? undefined : [...named].find((button) => button.dataset.key === key);
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
  const key = event.key.toLowerCase();
  const button = /^[0-4a-dqsu]$/.test(key) ? chosen(card, key) : undefined;
  if (!button) return;
  event.preventDefault();
  button.click();
});
