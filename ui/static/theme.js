// Light or dark by the person's own choice, where they made one. Gradio follows the device alone.

const KEY = "roadmap-theme";

export const chosen = () => localStorage.getItem(KEY) ?? "system";

export function choose(theme) {
  localStorage.setItem(KEY, theme);
  apply();
}

function apply() {
  const dark = chosen() === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : chosen() === "dark";
  if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}

new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
apply();
