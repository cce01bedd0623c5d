// SPDX-License-Identifier: GPL-3.0-or-later
// What the form that checks a file does more with scripts: the file's digest is taken here and asked
// for, and the file itself stays where it is.  The button still sends it, to have its signatures
// checked.
import { digest, takeDropped } from "./upload.js";

const PATH = "/v/berkas/";

// The part of the page on the digest that tells what is known of it; undefined if nobody answers.
async function ask(hex) {
  const answer = await fetch(PATH + hex, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");

  return page.getElementById("hasil") ?? undefined;
}

export function check(form) {
  const input = form.querySelector("input[type=file]");
  const told = form.querySelector(".nsk-check__told");
  let latest;

  if (!globalThis.crypto?.subtle) return; // no TLS: the form does what it does without scripts
  form.querySelector(".nsk-drop__words").hidden = false;
  takeDropped(form.querySelector(".nsk-drop"));
  input.addEventListener("change", async () => {
    const file = input.files[0];

    latest = file;
    told.hidden = file === undefined;
    told.textContent = form.dataset.looking;
    try {
      const hex = file && await digest(file);
      const part = hex && await ask(hex);

      if (file !== latest) return; // another was chosen meanwhile
      told.replaceChildren(...(part ? [part] : []));
      told.hidden = !part;
    } catch {
      told.hidden = true; // the line is down; the button says so
    }
  });
}
