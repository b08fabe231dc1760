// What CSS cannot do on the chat page: a new question moves to the top of the conversation, so that its answer is
// read from its beginning, and a marker [n] leads to its quote whatever the page's address is.

const questions = () => document.querySelectorAll("#chat .asked");
let asked = 0;

function follow() {
  const count = questions().length;
  if (count > asked) questions()[count - 1].scrollIntoView({ block: "start" });
  asked = count;
}

function lead(event) {
  const marker = event.target.closest?.("a.cite");
  const quote = marker && document.getElementById(marker.getAttribute("href").slice(1));
  if (!quote) return;
  event.preventDefault();
  document.querySelector(".quote.shown")?.classList.remove("shown");
  quote.classList.add("shown");
  quote.scrollIntoView({ block: "center", behavior: "smooth" });
}

new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
document.addEventListener("click", lead);
