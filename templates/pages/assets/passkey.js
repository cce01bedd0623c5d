// SPDX-License-Identifier: GPL-3.0-or-later
// A passkey: the device is asked, and its answer fills the form.  The form is hidden where a browser
// knows no passkeys, and where the page was opened under another name than the office's.

function read(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));

  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function write(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));

  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function keys(form) {
  return form.dataset.keys.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: read(id) }));
}

function make(form) {
  const { host, question, handle, account, name, agency } = form.dataset;

  return navigator.credentials.create({
    publicKey: {
      rp: { id: host, name: agency },
      user: { id: read(handle), name: account, displayName: name },
      challenge: read(question),
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: keys(form),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
}

function use(form) {
  const { host, question } = form.dataset;

  return navigator.credentials.get({
    publicKey: { rpId: host, challenge: read(question), allowCredentials: keys(form), userVerification: "required" },
  });
}

function fill(form, { rawId, response }) {
  form.elements.kunci.value = write(rawId);
  form.elements.peramban.value = write(response.clientDataJSON);
  form.elements.perangkat.value = write(
    response.signature ? response.authenticatorData : response.getAuthenticatorData(),
  );
  form.elements.bukti.value = response.signature ? write(response.signature) : "";
}

export function offer(form) {
  const fault = form.querySelector(".govuk-error-message");

  if (!window.PublicKeyCredential || location.hostname !== form.dataset.host) return;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      fill(form, await (form.dataset.handle ? make(form) : use(form)));
    } catch (_) {
      fault.textContent = form.dataset.refused;
      fault.hidden = false;
      return;
    }
    form.submit();
  });
}
