// Buttons and forms of the pages: `data-post` sends, the elements that come back replace those of the same id;
// `data-then` goes on to another page; `data-get` asks with a form's fields in the address; `data-poll` asks again while a run is under way.

import { address, go, here, load } from "./places.js";
import { get, post, say } from "./server.js";

const POLL_MS = 1000;

async function run(origin, ask) {
  if (origin.ariaBusy === "true") return;
  origin.ariaBusy = "true";
  say(origin, "");
  try {
    place(await ask(), origin);
  } catch (error) {
    say(origin, error.message, true);
  } finally {
    origin.ariaBusy = null;
  }
}

function place(html, origin) {
  const { id } = document.activeElement?.closest("[id]") ?? origin;
  const template = document.createElement("template");
  template.innerHTML = html; // made and escaped by our own server
  const placed = [...template.content.children].filter((element) => {
    const before = document.getElementById(element.id);
    before?.replaceWith(element);
    return before;
  });
  if (placed.length && !document.body.contains(origin)) refocus(document.getElementById(id), placed);
  document.dispatchEvent(new CustomEvent("arrived"));
}

function refocus(same, placed) {
  const next = placed.find((element) => "next" in element.dataset)?.querySelector("[data-focus]"); // another card
  const target = next ?? same ?? placed[0].querySelector("h2, h3") ?? placed[0];
  if (!same && !next) target.tabIndex = -1;
  target.focus({ preventScroll: Boolean(next ?? same) });
  next?.scrollIntoView({ block: "nearest" }); // its start, where the one before was long
}

// then: the page to go to once it is done.
async function sent(url, form, then) {
  const html = await post(url, fields(form));
  if (then) go(address(then));
  return html;
}

function fields(form) {
  return Object.fromEntries(new FormData(form));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-post]");
  if (!button) return;
  const { post: url, ...body } = button.dataset;
  run(button, () => post(url, body));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const { post: url, get: page, go: place, then } = form.dataset;
  if (!url && !page && !place) return;
  event.preventDefault();
  if (place) go(address(place, fields(form)));
  else if (page) run(form, () => get(`${page}?${new URLSearchParams(fields(form))}`));
  else run(form, () => sent(url, form, then));
});

async function poll() {
  const job = document.querySelector("[data-poll]");
  if (!job || here() !== "sources") return;
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  try {
    place(await get(job.dataset.poll), job);
  } catch (error) {
    say(job, error.message, true);
    return;
  }
  if (!document.querySelector("[data-poll]") && here() === "sources") load();
}

document.addEventListener("arrived", poll);
