// What pages do beyond links and forms. Without it everything still works; with it what is typed is saved as it is typed.
"use strict";

(() => {
  // A menu closes when one clicks beside it or presses Escape.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.me[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.me[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A form is sent once: a second click does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // One that waits for its own saving is not sent yet.
    if (event.defaultPrevented) return;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    if (form.method === "post" && (!form.hasAttribute("hx-post") || "guided" in form.dataset)) form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Errors are gone to at once; so is a row that was just added, which the address names.
  const summary = document.querySelector("[data-errors]");
  const named = /^#f-[\w.-]+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (summary) summary.focus();
  else if (named) named.focus();

  // What is typed in a guided form is kept in this window until the server has it: under the form's address, for her
  // who typed it, and for nobody else who signs in here. Leaving by the door forgets it.
  const prefix = "kept ";
  const keptKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  const kept = (key) => JSON.parse(sessionStorage.getItem(key));
  const signingIn = document.querySelector("[data-signing-in], [data-wrong]");
  for (const key of keptKeys()) {
    const value = kept(key);
    if (!value.sent) continue;
    if (signingIn) sessionStorage.setItem(key, JSON.stringify({ ...value, sent: false }));
    else sessionStorage.removeItem(key);
  }
  for (const door of document.querySelectorAll("form[data-leaving]")) {
    door.addEventListener("submit", () => keptKeys().forEach((key) => sessionStorage.removeItem(key)));
  }

  const form = document.querySelector("form[data-guided]");
  if (!form) return;
  const key = prefix + location.pathname;
  const status = document.getElementById("savedness");
  const ours = new Set(["csrfmiddlewaretoken", "version", "over", "mark"]);
  let inFlight = 0;
  let waiting = null;
  let changed = false;

  const written = () => [...new FormData(form)].filter(([name]) => !ours.has(name)).map(([name, value]) => [name, String(value)]);
  const keep = (sent) => sessionStorage.setItem(key, JSON.stringify({ whose: form.dataset.whose, sent, written: written() }));
  // The form is marked where it only saves: what hands in is pressed by hand.
  const saveNow = () => form.dispatchEvent(new Event("change", { bubbles: true }));
  const fields = () => [...form.elements].filter((field) => field.name && !ours.has(field.name) && field.type !== "submit" && field.type !== "hidden");

  const bringBack = (pairs) => {
    const values = new Map();
    for (const [name, value] of pairs) values.set(name, [...(values.get(name) || []), value]);
    for (const field of fields()) {
      const told = values.get(field.name) || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = told.includes(field.value);
      else if (told.length) field.value = told[0];
    }
  };

  const tell = (text, address, label) => {
    status.replaceChildren(Object.assign(document.createElement("b"), { textContent: text }));
    if (address) status.append(" ", Object.assign(document.createElement("a"), { href: address, textContent: label }));
  };

  const before = sessionStorage.getItem(key) && kept(key);
  if (before && before.whose === form.dataset.whose) {
    if (JSON.stringify(before.written) === JSON.stringify(written())) sessionStorage.removeItem(key);
    else {
      bringBack(before.written);
      form.prepend(Object.assign(document.createElement("p"), { className: "said__one", textContent: form.dataset.restored, role: "status" }));
      window.addEventListener("load", () => setTimeout(saveNow, 500));
    }
  }

  form.addEventListener("input", () => {
    changed = true;
    keep(false);
  });
  form.addEventListener("change", () => keep(false));
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-forget]")) sessionStorage.removeItem(key);
  });

  // A saving on its way is waited for: otherwise the form would be sent with a version that is older than its own.
  form.addEventListener("submit", (event) => {
    keep(true);
    if (!inFlight) return;
    event.preventDefault();
    delete form.dataset.sent;
    waiting = event.submitter;
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    // What has been sent whole is saved with it: a saving that comes after would be one that the next page has not seen.
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    inFlight += 1;
    changed = false;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    inFlight -= 1;
    if (event.detail.successful && !changed && !status.querySelector("button")) sessionStorage.removeItem(key);
    if (waiting && !inFlight) {
      const pressed = waiting;
      waiting = null;
      form.requestSubmit(pressed.isConnected ? pressed : undefined);
    }
  });
  form.addEventListener("htmx:sendError", () => {
    tell(form.dataset.lost);
    setTimeout(() => inFlight || saveNow(), 10000);
  });
  window.addEventListener("online", saveNow);
  form.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) {
      tell(form.dataset.signedOut, location.href.split("#")[0], form.dataset.signIn);
    }
  });
})();

// Questions that an answer brings or takes away, and matrices in which one cell answers both axes.
(() => {
  const form = document.querySelector("form[data-guided]");
  if (!form) return;

  const answers = (name) => {
    const fields = [...form.querySelectorAll(`[name="${name}"]`)].filter((field) => !field.closest("[hidden]"));
    const isTick = fields.length === 1 && fields[0].type === "checkbox" && fields[0].value === "yes";
    if (isTick) return [fields[0].checked ? "yes" : "no"];
    return fields.filter((field) => field.checked).map((field) => field.value);
  };
  const holds = (rule) => {
    const [name, options] = rule.split("=");
    return answers(name).some((answer) => options.split("|").includes(answer));
  };
  const show = () => {
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").some(holds);
  };
  form.addEventListener("change", show);
  show();

  form.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-place]");
    if (!cell) return;
    event.preventDefault();
    const { across, upright } = cell.closest("figure").dataset;
    const [, x, y] = cell.dataset.place.split(":");
    for (const [name, step] of [[across, x], [upright, y]]) {
      form.querySelector(`[name="${name}"][value="${step}"]`).checked = true;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
