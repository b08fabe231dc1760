// A marker [n] shows its source: kind, title, day, the quoted sentence within its passage, and the link. By hover, by
// tap or Enter (which pins it), by focus; Escape, a click elsewhere, or leaving it closes it. Scrolling closes only one
// that is not pinned: on a phone, reading on is scrolling.

import { made } from "./server.js";

const DELAY_MS = 250;
const GAP = 8;
const peek = made("aside", { id: "peek" });
peek.setAttribute("popover", "manual");
let marker = null;
let pinned = false;
let timer = 0;

function open(link, pin) {
  const quote = document.getElementById(link.getAttribute("href").slice(1));
  if (!quote) return;
  clearTimeout(timer);
  if (marker !== link) close();
  [marker, pinned] = [link, pin];
  fill(quote, quote.closest(".card"));
  link.after(peek);
  peek.setAttribute("aria-label", `Source ${quote.querySelector(".number").textContent}`);
  link.setAttribute("aria-expanded", "true");
  if (!peek.matches(":popover-open")) peek.showPopover();
  settle(link.getBoundingClientRect());
}

function fill(quote, card) {
  const passage = quote.querySelector("blockquote") ?? made("blockquote", {}, made("mark", {}, quote.querySelector("q").textContent));
  const parts = [card.querySelector(".kind"), card.querySelector(".title"), passage, card.querySelector(":scope > a")];
  peek.className = card.className;
  peek.replaceChildren(...parts.filter(Boolean).map((part) => part.cloneNode(true)));
}

function settle(at) {
  const { width, height } = peek.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP));
  const below = at.bottom + GAP + height <= innerHeight;
  const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
  Object.assign(peek.style, { left: `${left}px`, top: `${top}px` });
  const mark = peek.querySelector("mark");
  const text = peek.querySelector("blockquote");
  text.scrollTop = mark.offsetTop - text.offsetTop - text.clientHeight / 3;
}

function close() {
  clearTimeout(timer);
  marker?.setAttribute("aria-expanded", "false");
  if (peek.isConnected && peek.matches(":popover-open")) peek.hidePopover();
  [marker, pinned] = [null, false];
}

// Gradio draws an answer anew when there is more of it: a pinned source comes back.
export function keepPinned() {
  if (!pinned || peek.isConnected) return;
  const link = document.querySelector(`#chat a.cite[href="${marker.getAttribute("href")}"]`);
  if (link) open(link, true);
  else close();
}

function later(deed) {
  clearTimeout(timer);
  timer = setTimeout(deed, DELAY_MS);
}

const cite = (event) => event.target.closest?.("#chat a.cite");
const inside = (element) => Boolean(element?.closest?.("#peek, a.cite"));

document.addEventListener("click", (event) => {
  const link = cite(event);
  if (link) {
    event.preventDefault();
    if (marker === link && pinned) close();
    else open(link, true);
  } else if (marker && !inside(event.target)) close();
});

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const link = cite(event);
  if (link && link !== marker) later(() => open(link, false));
  else if (inside(event.target)) clearTimeout(timer);
  else if (marker && !pinned) later(close);
});

document.addEventListener("focusin", (event) => {
  const link = cite(event);
  if (link?.matches(":focus-visible") && link !== marker) open(link, false);
  else if (marker && !inside(event.target)) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !marker) return;
  if (peek.contains(document.activeElement)) marker.focus();
  close();
});

document.addEventListener("scroll", (event) => {
  if (marker && !pinned && !peek.contains(event.target)) close();
}, true);
