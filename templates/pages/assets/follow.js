// SPDX-License-Identifier: GPL-3.0-or-later
// How far long work has come, told without a reload; when it has ended its page is shown anew.

export function follow(part) {
  const bar = part.querySelector("progress");
  const done = part.querySelector(".nsk-follow__done");
  const total = part.querySelector(".nsk-follow__total");
  const events = new EventSource(part.dataset.events);

  events.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);

    if (told.total === 0) return; // the table is being read
    bar.max = told.total;
    bar.value = told.done;
    done.textContent = told.done;
    total.textContent = told.total;
  });
  events.addEventListener("done", () => {
    events.close();
    window.location.reload();
  });
}
