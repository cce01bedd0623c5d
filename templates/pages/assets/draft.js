// SPDX-License-Identifier: GPL-3.0-or-later
// What the form of a letter does more with scripts: while somebody writes, what is still to be
// mended stands above the buttons, and nobody leaves the page with words that are not stored
// without being asked.

const PAUSE = 1500; // milliseconds without a key, after which it is looked at

function tell(live, faults) {
  const heading = document.createElement("h2");
  const list = document.createElement("ul");

  heading.className = "govuk-heading-s";
  heading.textContent = faults.length > 0 ? live.dataset.mend : live.dataset.fine;
  list.className = "govuk-list govuk-list--bullet";
  for (const { field, words } of faults) {
    const item = list.appendChild(document.createElement("li"));
    const link = document.createElement("a");

    if (!field || !document.getElementById(field)) {
      item.textContent = words;
      continue;
    }
    link.className = "govuk-link";
    link.href = `#${field}`;
    link.textContent = words;
    item.appendChild(link);
  }
  live.replaceChildren(heading, list);
  live.hidden = false;
}

export function watch(form) {
  const live = form.querySelector(".nsk-live");
  let timer;
  let asked = 0;
  let isStored = true;

  async function look() {
    const turn = ++asked;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(`${form.getAttribute("action")}/periksa`, { method: "POST", body })
      .catch(() => undefined); // a line that is down is no fault of the letter

    if (answer === undefined || !answer.ok) return;
    const found = await answer.json();
    if (turn !== asked) return;
    tell(live, found.faults ?? []);
    form.dispatchEvent(new CustomEvent("nsk-looked", { detail: found }));
  }

  form.addEventListener("input", () => {
    isStored = false;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  form.addEventListener("nsk-kept", () => { // keep.js
    isStored = true;
  });
  form.addEventListener("submit", () => {
    isStored = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isStored) event.preventDefault();
  });
}
