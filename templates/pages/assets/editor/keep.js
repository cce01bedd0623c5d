// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed is kept on the server for its writer alone, at each pause and when the page goes, and
// with it who writes the letter now: a lost line or a closed browser costs nothing.

const PAUSE = 2500; // milliseconds without a key
const MOST = 20000; // of typing without a pause
const AGAIN = 10000; // until a line that is down is tried again

function fill(words, ...values) {
  return values.reduce((text, value) => text.replace("#", value), words);
}

function clock(at) {
  return [at.getHours(), at.getMinutes()].map((n) => String(n).padStart(2, "0")).join(".");
}

export function keep(form) {
  const address = `${form.getAttribute("action")}/ketikan`;
  const said = form.querySelector(".nsk-saved");
  const other = form.querySelector(".nsk-other");
  let timer;
  let since = 0; // when the first key was pressed that is not kept
  let turn = 0; // counts what is typed
  let kept = 0; // the turn that is kept
  let isLeaving = false;
  let request;

  function tellOther(lease) {
    if (!other) return;
    other.hidden = !lease || lease.mine;
    if (other.hidden) return;
    other.querySelector(".nsk-other__words").textContent = fill(other.dataset.words, lease.person, clock(new Date(lease.since)));
  }

  async function send() {
    const mine = turn;

    clearTimeout(timer);
    since = 0;
    request = new AbortController();
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: request.signal })
      .catch(() => undefined);
    if (isLeaving) return;
    if (!answer?.ok) {
      said.textContent = said.dataset.lost;
      since = since || Date.now();
      timer = setTimeout(send, AGAIN);
      return;
    }
    said.textContent = fill(said.dataset.kept, clock(new Date()));
    tellOther((await answer.json()).lease);
    kept = mine;
    if (mine === turn) form.dispatchEvent(new CustomEvent("nsk-kept"));
  }

  form.addEventListener("input", () => {
    turn++;
    since = since || Date.now();
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, Math.min(PAUSE, since + MOST - Date.now())));
  });
  form.addEventListener("submit", () => { // it is stored now, or comes back in the page
    isLeaving = true;
    clearTimeout(timer);
    request?.abort();
  });
  window.addEventListener("pagehide", () => {
    if (!isLeaving && kept !== turn) navigator.sendBeacon(address, new URLSearchParams(new FormData(form)));
  });
}
