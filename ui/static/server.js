// Asks our own server; whatever goes wrong becomes one sentence.

const SECONDS = 20;
const GONE = "The assistant cannot be reached: see whether `roadmap serve` still runs, then try again.";
const LATE = `No answer came within ${SECONDS} seconds: try again.`;
const FAILED = "Something went wrong: try again.";

export async function get(url) {
  return fetched(url, {});
}

export async function post(url, body) {
  return fetched(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

async function fetched(url, options) {
  let response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(SECONDS * 1000) });
  } catch (error) {
    throw new Error(error.name === "TimeoutError" ? LATE : GONE);
  }
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(sentence(text));
}

function sentence(text) {
  try {
    return JSON.parse(text).error ?? FAILED;
  } catch {
    return FAILED;
  }
}

// An element with text and properties, never with HTML.
export function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Says a sentence beside a button, in place of the one before; what the page said of an earlier button goes as well.
export function say(beside, text, failed = false) {
  const before = beside.closest(".row") ?? beside;
  const row = (!before.isConnected && document.getElementById(before.id)) || before; // drawn anew meanwhile
  const earlier = row.closest(".sheet")?.querySelector(".said");
  if (text && !earlier?.contains(beside)) earlier?.remove();
  if (row.nextElementSibling?.classList.contains("said-here")) row.nextElementSibling.remove();
  if (text) row.after(made("p", { className: `said-here${failed ? " failed" : ""}`, role: failed ? "alert" : "status" }, text));
}

// The element of a selector, as soon as Gradio has drawn it.
export function drawn(selector) {
  const found = document.querySelector(selector);
  if (found) return Promise.resolve(found);
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const element = document.querySelector(selector);
      if (!element) return;
      observer.disconnect();
      resolve(element);
    });
    observer.observe(document.documentElement, { childList: true, subtree: true });
  });
}
