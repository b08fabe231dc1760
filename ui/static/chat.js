// The chat's own buttons. What is asked goes to Gradio as a wish (a hidden field and a hidden button); what is kept,
// copied or judged goes to our own addresses. A new question moves to the top of the conversation.

import { keepPinned } from "./peek.js";
import { inChat } from "./places.js";
import { drawn, get, made, post, say } from "./server.js";

const LOOK_MS = 5000;
const SILENT_MS = 10000;
const PLACE = /^act-([0-9a-f]{32})-(\d+)$/;
const questions = () => document.querySelectorAll("#chat .asked");
let asked = 0;
let changed = Date.now();

// --- wishes -------------------------------------------------------------------------------------------------------

export function wish(value, button) {
  const field = document.querySelector("#wish textarea, #wish input");
  field.value = typeof value === "string" ? value : JSON.stringify(value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  if (button) document.getElementById(button).click();
}

function edit(button) {
  const bubble = button.parentElement.querySelector(".asked");
  const turn = Number(bubble.id.split("-")[1]);
  const box = document.querySelector("#question textarea");
  box.value = bubble.textContent;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  wish({ turn });
  stopEditing();
  const cancel = made("button", { type: "button", className: "act", onclick: () => (wish(""), stopEditing()) }, "Cancel");
  const words = `Changing question ${turn + 1}: its answer, and what came after it, go.`;
  document.querySelector("#where").before(made("div", { id: "editing", role: "status" }, made("span", {}, words), cancel));
}

drawn("#question textarea").then((box) => (box.dir = "auto")); // Hebrew and Arabic begin on the right

function stopEditing() {
  document.getElementById("editing")?.remove();
}

// --- an answer's buttons --------------------------------------------------------------------------------------------

function placeOf(button) {
  const row = button.closest(".answer").querySelector(".actions");
  const [, conversation, turn] = PLACE.exec(row?.id ?? "") ?? [];
  return { conversation, turn };
}

function again(button) {
  const scope = [...button.classList].find((name) => name.startsWith("scope-"))?.slice(6);
  wish({ turn: Number(placeOf(button).turn), ...(scope ? { scope } : {}) }, "wish-ask");
}

async function copy(button) {
  const { conversation, turn } = placeOf(button);
  await attempt(button, async () => {
    await toClipboard(await get(`pages/answers/${conversation}/${turn}.md`));
    return "Copied as Markdown.";
  });
}

async function toClipboard(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = made("textarea", { value: text }); // an address without https has no clipboard
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  return field.remove();
}

function judge(button, good) {
  if (good) {
    send(button, "yes", "");
    return;
  }
  askBeside(button, "What was wrong, or what did you expect? ", "", (reason) => send(button, "no", reason));
}

// A field below the actions of an answer; a second press of a button takes it away.
function askBeside(button, question, value, then) {
  const row = button.closest(".row");
  const open = row.parentElement.querySelector(".reason");
  open?.remove();
  if (open?.dataset.question === question) return;
  const field = made("input", { maxLength: 500, name: "reason", value });
  const label = made("label", {}, question, field);
  const form = made("form", { className: "reason" }, label, made("button", { className: "act" }, "Send"));
  form.dataset.question = question;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    then(field.value);
    form.remove();
  });
  row.after(form);
  field.focus();
}

function send(button, good, reason) {
  return attempt(button, () => post("pages/answers/feedback", { ...placeOf(button), good, reason }));
}

// A question for the eval suite, with the page that answers it; the first source is offered.
function addCase(button) {
  askBeside(button, "Which page answers it? Leave it empty to judge later. ", button.value, (page) =>
    attempt(button, () => post("pages/answers/case", { ...placeOf(button), page })),
  );
}

function save(button) {
  return attempt(button, () => post("pages/answers/card", placeOf(button)));
}

async function attempt(button, deed) {
  try {
    say(button, await deed());
  } catch (error) {
    say(button, error.message, true);
  }
}

const DEEDS = {
  ask: (button) => wish({ text: button.value || button.textContent }, "wish-ask"),
  again,
  edit,
  copy,
  save,
  up: (button) => judge(button, true),
  down: (button) => judge(button, false),
  case: addCase,
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#chat button.act");
  const name = button && Object.keys(DEEDS).find((key) => button.classList.contains(key));
  if (name) DEEDS[name](button);
  if (event.target.closest?.("#new-chat")) {
    inChat(null);
    stopEditing();
  }
});

// --- what Gradio draws ----------------------------------------------------------------------------------------------

const NOTES = ".reason, .said-here";
let focused = null;
document.addEventListener("focusin", (event) => (focused = event.target));

// An answer is drawn anew when the questions that can be asked next are found: what was said beside its buttons
// meanwhile, or is being typed there, stays.
function restore(mutations) {
  const removed = mutations.flatMap(({ removedNodes }) => [...removedNodes]);
  for (const row of removed.flatMap((node) => [...(node.querySelectorAll?.(".actions") ?? [])])) {
    const drawnAnew = document.getElementById(row.id);
    if (!drawnAnew || drawnAnew.nextElementSibling?.matches(NOTES)) continue;
    while (row.nextElementSibling?.matches(NOTES)) drawnAnew.after(row.nextElementSibling);
    if (focused?.isConnected && document.activeElement === document.body) focused.focus();
  }
}

function follow() {
  const count = questions().length;
  if (count > asked) questions()[count - 1].scrollIntoView({ block: "start" });
  asked = count;
  const last = [...document.querySelectorAll("#chat .actions")].at(-1);
  const [, conversation] = PLACE.exec(last?.id ?? "") ?? [];
  if (conversation) inChat(conversation);
  if (document.getElementById("editing") && document.querySelector("#chat .draft")) stopEditing();
}

// Gradio reads a message's HTML out as its label (the message itself says more), and calls the examples, which are
// buttons, a list.
function mend() {
  for (const examples of document.querySelectorAll("#chat .examples[role='list']")) {
    examples.setAttribute("role", "group");
    examples.setAttribute("aria-label", "Questions to begin with");
  }
  for (const message of document.querySelectorAll("#chat [data-testid='bot'][aria-label], #chat [data-testid='user'][aria-label]")) {
    message.removeAttribute("aria-label");
  }
}

// An answer that no longer comes says so where it was to be.
async function watch() {
  const draft = document.querySelector("#chat .draft");
  if (!draft || Date.now() - changed < SILENT_MS) return;
  try {
    await get("healthz");
  } catch (error) {
    draft.querySelector(".waiting")?.remove();
    draft.classList.remove("draft");
    draft.append(made("div", { className: "part error", role: "alert" }, `${error.message} Your question is offered again then.`));
  }
}

drawn("#chat").then((chat) => {
  new MutationObserver((mutations) => {
    changed = Date.now();
    restore(mutations);
    mend();
    follow();
    keepPinned();
  }).observe(chat, { childList: true, subtree: true, attributeFilter: ["role"] });
  mend();
  setInterval(watch, LOOK_MS);
});
