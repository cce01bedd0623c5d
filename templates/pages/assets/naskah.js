// SPDX-License-Identifier: GPL-3.0-or-later
// What pages do more with scripts: parts of them are replaced without a reload.  Nothing needs it.
import "htmx.org";
import { check } from "./check.js";
import { watch } from "./draft.js";
import { follow } from "./follow.js";
import { offer } from "./passkey.js";
import { carry } from "./upload.js";

document.documentElement.classList.add("nsk-scripts");
document.querySelectorAll("form.nsk-draft").forEach(watch);
document.querySelectorAll("form.nsk-passkey").forEach(offer);
document.querySelectorAll("form.nsk-upload").forEach(carry);
document.querySelectorAll("form.nsk-check").forEach(check);
document.querySelectorAll(".nsk-follow").forEach(follow);
