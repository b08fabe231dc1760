// Before anything is drawn: which place the address names, so that no other one flashes up.
document.documentElement.dataset.page = new URLSearchParams(location.search).get("page") || "ask";
