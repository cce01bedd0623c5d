// SPDX-License-Identifier: GPL-3.0-or-later
// How a letter looks that is being written: the server makes a page of what is typed, as it makes the
// PDF, when somebody wants to see it, and again after each pause.

const WIDE = "(min-width: 75rem)"; // there is room beside the form

function fill(words, ...values) {
  return values.reduce((text, value) => text.replace("#", value), words);
}

export function show(form) {
  const look = form.querySelector(".nsk-look");
  const find = (name) => look.querySelector(name);
  const pages = find(".nsk-look__pages");
  const words = find(".nsk-look__words");
  const link = find(".nsk-look__link");
  const opener = find("[data-do=lihat]");
  const pager = find(".govuk-button-group");
  let page = 1;
  let asked = 0;
  let had = null; // the address of the picture that is shown

  function put(picture, which) {
    const [at, of] = which.split("/").map(Number);
    const image = link.querySelector("img");

    if (had) URL.revokeObjectURL(had);
    had = URL.createObjectURL(picture);
    page = at;
    words.textContent = fill(look.dataset.page, at, of);
    image.src = had;
    image.alt = words.textContent;
    link.href = had;
    link.hidden = false;
    pager.hidden = of < 2;
    find("[data-do=sebelum]").disabled = at === 1;
    find("[data-do=sesudah]").disabled = at === of;
  }

  async function refresh() {
    if (pages.hidden) return;
    const turn = ++asked;
    const body = new URLSearchParams(new FormData(form));

    body.set("halaman", page);
    const answer = await fetch(`${form.getAttribute("action")}/pratinjau`, { method: "POST", body }).catch(() => undefined);
    const which = answer?.headers.get("Pages");
    const picture = which ? await answer.blob() : null;
    if (turn !== asked) return;
    if (picture) put(picture, which);
    else if (answer?.ok) words.textContent = had ? look.dataset.old : look.dataset.none;
  }

  function open(isOpen) {
    pages.hidden = !isOpen;
    opener.setAttribute("aria-expanded", isOpen);
    refresh();
  }

  opener.addEventListener("click", () => open(pages.hidden));
  for (const [name, step] of [["sebelum", -1], ["sesudah", 1]]) {
    find(`[data-do=${name}]`).addEventListener("click", () => {
      page += step;
      refresh();
    });
  }
  form.addEventListener("nsk-looked", refresh);
  look.hidden = false;
  if (window.matchMedia(WIDE).matches) open(true);
}
