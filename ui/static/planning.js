// Start, Plan and Settings: the preview that follows the form, the theme, printing, and a person's data.

import { load } from "./places.js";
import { get, made, post, say } from "./server.js";
import { choose, chosen } from "./theme.js";

const PAUSE_MS = 250;
let waiting = 0;
let asked = 0;

// --- the preview ----------------------------------------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-preview]");
  if (!form) return;
  choosePace(form, event.target);
  clearTimeout(waiting);
  waiting = setTimeout(() => preview(form), PAUSE_MS);
});

// Who types hours, or a day, means them.
function choosePace(form, field) {
  const pace = { hours: "hours", by: "by" }[field.name];
  if (pace) form.querySelector(`[name="pace"][value="${pace}"]`).checked = true;
}

async function preview(form) {
  const mine = (asked += 1);
  const before = document.getElementById("start-preview");
  if (!before) return; // the page was left meanwhile
  before.ariaBusy = "true";
  try {
    const html = await get(`${form.dataset.preview}?${new URLSearchParams(new FormData(form))}`);
    if (mine !== asked || !before.isConnected) return;
    const template = document.createElement("template");
    template.innerHTML = html; // made and escaped by our own server
    before.replaceChildren(...template.content.firstElementChild.childNodes);
  } catch (error) {
    if (mine === asked) before.replaceChildren(made("div", { className: "short" }, made("p", { className: "failed" }, error.message)));
  } finally {
    if (mine === asked) before.ariaBusy = null;
  }
}

// --- the theme ------------------------------------------------------------------------------------------------------

document.addEventListener("change", (event) => {
  if (event.target.closest?.("#theme-form")) choose(event.target.value);
});

document.addEventListener("arrived", () => {
  const box = document.querySelector(`#theme-form [value="${chosen()}"]`);
  if (box) box.checked = true;
});

// --- buttons --------------------------------------------------------------------------------------------------------

const DEEDS = {
  print: () => window.print(),
  "copy-feed": copyFeed,
  "here-zone": (button) => {
    button.form.elements.timezone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".sheet button.act");
  const name = button && Object.keys(DEEDS).find((key) => button.classList.contains(key));
  if (name) DEEDS[name](button);
});

async function copyFeed(button) {
  const field = document.querySelector("#calendar [name='feed']");
  field.select();
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
    else document.execCommand("copy"); // an address without https has no clipboard
    say(button, "Copied.");
  } catch {
    say(button, "It could not be copied: it is selected above, copy it from there.", true);
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.id !== "import-form") return;
  event.preventDefault();
  try {
    const data = JSON.parse(await form.elements.file.files[0].text());
    await post("api/v1/import", { data, replace: true });
    await load();
    say(document.querySelector("#my-data .row"), "Imported: this is your progress now.");
  } catch (error) {
    const unread = error instanceof SyntaxError;
    say(form, unread ? "This file is no export: take one that Export has made." : error.message, true);
  }
});

// --- printing -------------------------------------------------------------------------------------------------------

let folded = [];

addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("#sheet-plan .dated details:not([open])")];
  for (const fold of folded) fold.open = true;
});

addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});

// --- the chat -------------------------------------------------------------------------------------------------------

// The chat was drawn before: what another page has changed since is asked for.
document.addEventListener("back-in-chat", () => document.getElementById("week-again")?.click());
