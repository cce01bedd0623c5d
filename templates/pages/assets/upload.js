// SPDX-License-Identifier: GPL-3.0-or-later
// What a form with files does more with scripts: each file goes in pieces before the form itself,
// from where it was when the line broke or the page was closed.  Files may be dropped and pasted.

const PATH = "/api/v1/uploads";
const PIECE = 512 * 1024; // bytes
const FIRST_PAUSE = 1000; // milliseconds before the first new try; then twice as long each time
const LAST_PAUSE = 30000;
const MOST_HASHED = 64 * 1024 * 1024; // bytes that a telephone can hold at once

class Refused extends Error {}

// A while, or until the line is there again.
function pause(time) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time);

    window.addEventListener("online", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

function isPassing(status) {
  return status === 408 || status === 429 || status >= 500;
}

async function tellWhy(answer) {
  const problem = await answer.json().catch(() => ({}));

  return new Refused(problem.detail ?? problem.title ?? "");
}

// The same file chosen again goes on: remembered by what a browser tells of it.
function memory(file) {
  return `naskah-unggahan ${file.name} ${file.size} ${file.lastModified}`;
}

function remember(file, path) {
  try {
    if (path) localStorage.setItem(memory(file), path);
    else localStorage.removeItem(memory(file));
  } catch { /* a browser that keeps nothing */ }
}

function recall(file) {
  try {
    return localStorage.getItem(memory(file)) ?? undefined;
  } catch {
    return undefined;
  }
}

// SHA-256 in hex; undefined where a browser has none (no TLS), or the file is too large for it.
export async function digest(file) {
  if (!crypto.subtle || file.size > MOST_HASHED) return undefined;
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());

  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Upload {
  constructor(file, token, tell) {
    this.file = file;
    this.tell = tell;
    this.headers = { "X-CSRF-Token": token, Accept: "application/json" };
    this.path = recall(file);
    this.offset = undefined;
  }

  // One request; undefined if the line is down.
  ask(method, path, more, body) {
    return fetch(path, { method, body, headers: { ...this.headers, ...more }, redirect: "error" })
      .catch(() => undefined);
  }

  forget() {
    remember(this.file, undefined);
    this.path = undefined;
    this.offset = undefined;
  }

  async begin() {
    const { name, size } = this.file;
    const answer = await this.ask("POST", PATH, { "Content-Type": "application/json" },
      JSON.stringify({ name, size, sha256: await digest(this.file).catch(() => undefined) }));

    if (answer?.ok) {
      this.path = answer.headers.get("Location");
      this.offset = 0;
      remember(this.file, this.path);
    }
    return answer;
  }

  async look() {
    const answer = await this.ask("HEAD", this.path, {});

    if (answer?.ok && Number(answer.headers.get("Upload-Length")) === this.file.size) {
      this.offset = Number(answer.headers.get("Upload-Offset"));
    } else if (answer?.ok || answer?.status === 404 || answer?.status === 403) {
      this.forget();
      return new Response(undefined, { status: 200 });
    }
    return answer;
  }

  async piece() {
    const body = this.file.slice(this.offset, this.offset + PIECE);
    const answer = await this.ask("PATCH", this.path, {
      "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(this.offset)
    }, body);

    if (answer?.ok || answer?.status === 409) {
      this.offset = Number(answer.headers.get("Upload-Offset"));
      return new Response(undefined, { status: 200 });
    }
    if (answer?.status === 404) {
      this.forget();
      return new Response(undefined, { status: 200 });
    }
    return answer;
  }

  step() {
    if (this.path === undefined) return this.begin();
    return this.offset === undefined ? this.look() : this.piece();
  }

  // The id of the upload, when all of it is there.
  async run() {
    let wait = FIRST_PAUSE;

    while (this.offset === undefined || this.offset < this.file.size) {
      const answer = await this.step();

      if (answer?.ok) {
        wait = FIRST_PAUSE;
        this.tell(this.offset ?? 0);
      } else if (answer === undefined || isPassing(answer.status)) {
        this.tell(undefined);
        this.offset = undefined; // what came of the last piece is asked first
        await pause(wait);
        wait = Math.min(2 * wait, LAST_PAUSE);
      } else {
        throw await tellWhy(answer);
      }
    }
    remember(this.file, undefined);
    return this.path.slice(this.path.lastIndexOf("/") + 1);
  }
}

function element(name, words) {
  const made = document.createElement(name);

  made.textContent = words ?? "";
  return made;
}

// Shows how far a file is, and sends it.
async function send(form, group, file) {
  const way = group.querySelector(".nsk-file__way");
  const words = element("p");
  const bar = element("progress");
  let isDown;

  function tell(offset) {
    if (offset !== undefined) bar.value = offset;
    if (isDown === (offset === undefined)) return; // said once, or it is read out again and again
    isDown = offset === undefined;
    words.textContent = isDown ? group.dataset.waiting : `${group.dataset.sending} ${file.name}`;
  }

  words.className = "govuk-body";
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  way.append(words, bar);
  way.hidden = false;
  tell(0);
  const id = await new Upload(file, form.elements.csrf.value, tell).run();
  words.textContent = `${group.dataset.sent} ${file.name}`;
  return id;
}

async function sendAll(form) {
  for (const group of form.querySelectorAll(".nsk-file")) {
    const input = group.querySelector("input[type=file]");
    const way = group.querySelector(".nsk-file__way");

    way.replaceChildren();
    for (const file of input.files) {
      if (file.size === 0) continue; // told by the server
      const hidden = element("input");

      hidden.type = "hidden";
      hidden.name = `${input.name}-unggahan`;
      hidden.value = await send(form, group, file).catch((fault) => {
        way.replaceChildren(element("p", fault.message || group.dataset.failed));
        way.firstChild.className = "govuk-error-message";
        throw fault;
      });
      form.append(hidden);
    }
    input.disabled = true; // it is there already
  }
}

// Files may be dropped on @group, or pasted, instead of being chosen.
export function takeDropped(group) {
  const input = group.querySelector("input[type=file]");
  const over = "nsk-drop--over";

  function take(event, files) {
    if (!files || files.length === 0) return;
    event.preventDefault();
    group.classList.remove(over);
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  group.addEventListener("dragover", (event) => {
    event.preventDefault();
    group.classList.add(over);
  });
  group.addEventListener("dragleave", () => group.classList.remove(over));
  group.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
  document.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
}

// The next page to be photographed is shown when the one before it is there.
function showNext(event) {
  const next = event.target.closest(".nsk-photo")?.nextElementSibling;

  if (event.target.files?.length > 0) next?.classList.remove("nsk-photo--later");
}

export function carry(form) {
  const buttons = form.querySelectorAll("button");
  let isUnderWay = false;

  form.querySelectorAll(".nsk-file:not(.nsk-photo)").forEach(takeDropped);
  form.addEventListener("change", showNext);
  form.querySelectorAll(".nsk-drop__words").forEach((words) => { words.hidden = false; });
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;

    event.preventDefault();
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await sendAll(form);
      if (button?.name) {
        const pressed = element("input");

        Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
        form.append(pressed);
      }
      form.submit();
    } catch {
      isUnderWay = false;
      form.querySelectorAll("input[name$=-unggahan]").forEach((hidden) => hidden.remove());
      form.querySelectorAll("input[type=file]").forEach((input) => { input.disabled = false; });
      buttons.forEach((one) => one.removeAttribute("aria-busy"));
    }
  });
}
