// What was typed or asked and not answered is offered again after the page was loaded anew: Gradio loads it when a
// server that was away is back. Kept in this tab alone.

import { wish } from "./chat.js";
import { drawn, made } from "./server.js";

const ASKED = "asked";
const TYPED = "typed";
const lost = sessionStorage.getItem(ASKED);
const box = () => document.querySelector("#question textarea");
const last = () => [...document.querySelectorAll("#chat .asked")].at(-1)?.textContent;

// While an answer comes, no new chat can be begun; it says so until the page is loaded anew, if the server goes away.
function follow() {
  const question = last();
  if (!question) return;
  if (!document.getElementById("new-chat")?.disabled) {
    if (question === sessionStorage.getItem(ASKED)) settle();
    return;
  }
  sessionStorage.setItem(ASKED, question);
  if (question === lost) document.getElementById("unanswered")?.remove();
  if (sessionStorage.getItem(TYPED)?.trim() === question.trim()) sessionStorage.removeItem(TYPED);
}

function settle() {
  sessionStorage.removeItem(ASKED);
  document.getElementById("unanswered")?.remove();
}

function offer(question) {
  const again = () => (settle(), wish({ text: question }, "wish-ask"));
  const ask = made("button", { type: "button", className: "act", onclick: again }, "Ask again");
  const leave = made("button", { type: "button", className: "act", onclick: settle }, "Leave it");
  const words = made("span", { dir: "auto" }, `Not answered, since the assistant went away: “${question}”`);
  document.querySelector("#where").before(made("div", { id: "unanswered", role: "status" }, words, ask, leave));
}

drawn("#question textarea").then((field) => {
  const typed = sessionStorage.getItem(TYPED);
  if (typed && !field.value) {
    field.value = typed;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("input", (event) => {
    if (event.target === box()) sessionStorage.setItem(TYPED, event.target.value);
  });
});

drawn("#where").then(() => lost && offer(lost));
drawn("#chat").then((chat) => new MutationObserver(follow).observe(chat, { childList: true, subtree: true }));
drawn("#new-chat").then((button) => new MutationObserver(follow).observe(button, { attributes: true }));
