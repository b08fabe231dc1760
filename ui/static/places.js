// The places and their address: `/?page=roadmap&week=14`. A link within the site changes the page without
// loading it anew; reload, back and a shared link find the same place.

import { drawn, get, made } from "./server.js";

const TITLES = {
  ask: "Ask",
  start: "Start",
  today: "Today",
  plan: "Plan",
  roadmap: "Roadmap",
  sources: "Sources",
  quality: "Quality",
  settings: "Settings",
  practice: "Practice",
  progress: "Progress",
};
const ABOVE = { practice: "today", progress: "today" }; // reached from there, so that is what the bar marks
const SITE = document.title;
let chat = new URLSearchParams(location.search).get("chat");
let turn = 0;

const parameters = () => new URLSearchParams(location.search);

export function here() {
  const page = parameters().get("page");
  return Object.hasOwn(TITLES, page ?? "") ? page : "ask";
}

// Keeps the conversation in the address, so that a reload shows it again.
export function inChat(id) {
  if (id === chat) return;
  chat = id;
  if (here() === "ask") history.replaceState(null, "", address("ask"));
}

export async function go(url) {
  history.pushState(null, "", url);
  await show(true);
}

export function address(page, more = {}) {
  const query = new URLSearchParams({ page, ...(page === "ask" && chat ? { chat } : {}), ...more });
  return `?${query}`;
}

async function show(moved = false) {
  const name = here();
  document.documentElement.dataset.page = name;
  document.title = name === "ask" ? SITE : `${TITLES[name]} · ${SITE}`;
  const bar = await drawn(".places");
  bar.setAttribute("aria-label", "Pages");
  for (const link of bar.querySelectorAll("a")) {
    if (link.id === `to-${ABOVE[name] ?? name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (name !== "ask") await load(name, moved);
  else if (moved) {
    document.dispatchEvent(new CustomEvent("back-in-chat"));
    document.querySelector("#question textarea")?.focus();
  }
}

export async function load(name = here(), moved = false) {
  const host = await drawn("#page");
  const mine = (turn += 1);
  if (!host.querySelector(`#sheet-${name}`)) host.replaceChildren(made("p", { className: "waiting", role: "status" }, "Loading …"));
  try {
    const query = parameters();
    query.delete("page");
    query.delete("chat");
    const html = await get(`pages/${name}?${query}`);
    if (mine === turn && here() === name) arrive(host, html, moved);
  } catch (error) {
    if (mine === turn) fail(host, error.message);
  }
}

function arrive(host, html, moved) {
  host.innerHTML = html; // made and escaped by our own server
  const block = host.querySelector(".block.here");
  if (block && parameters().has("week")) block.scrollIntoView({ block: "start" });
  else document.querySelector("#host").scrollTop = 0;
  if (moved) (block?.querySelector("summary") ?? host).focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("arrived"));
}

function fail(host, sentence) {
  const again = made("button", { type: "button", className: "act", onclick: () => load() }, "Try again");
  host.replaceChildren(made("div", { className: "panel failed", role: "alert" }, made("p", {}, sentence), again));
}

function follow(event) {
  const link = event.target.closest?.("a[href^='?']");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const wanted = new URL(link.href).searchParams;
  if (wanted.has("chat")) return; // history.js opens it
  event.preventDefault();
  go(wanted.get("page") === "ask" ? address("ask") : link.getAttribute("href"));
}

document.addEventListener("click", follow);
addEventListener("popstate", () => {
  show();
  if (here() === "ask") document.dispatchEvent(new CustomEvent("back-in-chat"));
});
show();
