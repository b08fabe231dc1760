// The drawer with a person's conversations, and opening one of them in the chat.

import { wish } from "./chat.js";
import { address, go, here, inChat } from "./places.js";
import { get, made } from "./server.js";

const inside = made("div", { className: "inside" });
const close = made("button", { type: "button", className: "act", onclick: () => drawer.close() }, "Close");
const head = made("div", { className: "row head" }, made("h2", { id: "drawer-title" }, "Your conversations"), close);
const drawer = made("dialog", { id: "drawer" }, head, inside);
drawer.setAttribute("aria-labelledby", "drawer-title");

async function open() {
  (document.querySelector(".gradio-container") ?? document.body).append(drawer);
  inside.replaceChildren(made("p", { className: "waiting", role: "status" }, "Loading …"));
  if (!drawer.open) drawer.showModal();
  try {
    inside.innerHTML = await get("pages/history"); // made and escaped by our own server
    inside.querySelector("#history-search").focus();
  } catch (error) {
    const again = made("button", { type: "button", className: "act", onclick: open }, "Try again");
    inside.replaceChildren(made("p", { className: "failed", role: "alert" }, error.message), again);
  }
}

async function show(id) {
  drawer.close();
  inChat(id);
  if (here() === "ask") history.pushState(null, "", address("ask"));
  else await go(address("ask"));
  wish(id, "wish-open");
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#history")) open();
  if (event.target === drawer) drawer.close();
  const link = event.target.closest?.("a[href^='?chat=']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(new URL(link.href).searchParams.get("chat"));
});
