#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing services of the tests, on this machine, after the public descriptions of the real ones:
CSC API 2.0, BSrE's e-sign client service 1 and 2, a time-stamp authority, OCSP and CRLs.

services.py FOLDER TOOL SCHEME: keys and the authority are in FOLDER, TOOL does the cryptography,
SCHEME is http or https.  Prints the port.  FOLDER/today says what goes wrong: lines "PATH HOW",
PATH being the last part of an address, HOW one of

  silent    no answer            busy     429 with Retry-After    broken    500
  garbage   bytes, not an answer endless  an answer without end   cut       it breaks off
  echo      the question as the reason of a refusal
  order     results in the wrong order     half      only the first half of them
  other     by another person's key        expired   the authorisation, or the person's certificate
  waiting   done later                     resaved   the PDF as a program saves it anew
  brief     the authorisation ends at once cert      another certificate
  raw       ECDSA values as r and s        old      another version    nohash    signs no hashes
  page      a key that a page of the service lets in
  riddle    a key that wants more than PIN and code
"""
import base64
import http.server
import json
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import time

FOLDER = pathlib.Path(sys.argv[1])
TOOL, SCHEME = sys.argv[2], sys.argv[3]
PIN, CODE, PASSPHRASE = "246810", "135790", "rahasia \"uji\" \\ é"
NIK, BEARER = "3175000000000001", "demo-token"
SADS, WAITING, DOCUMENTS, LOCK = {}, {}, {}, threading.Lock()


def tool(what, file, data=b""):
    return subprocess.run([TOOL, what, str(FOLDER / file)], input=data, stdout=subprocess.PIPE,
                          check=True).stdout


def today(path):
    try:
        lines = (FOLDER / "today").read_text().splitlines()
    except OSError:
        lines = []
    return {words[1] for words in (line.split() for line in lines)
            if len(words) == 2 and words[0] == path}


def raw_of(der):
    """r and s of an ECDSA value on P-256, 32 bytes each."""
    length = der[3]
    r, s = der[4:4 + length], der[6 + length:]
    return b"".join(int.from_bytes(n, "big").to_bytes(32, "big") for n in (r, s))


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(status)
        self.status, self.body = status, body


def csc_refuse(code, words, status=400):
    raise Refused(status, {"error": code, "error_description": words})


def csc_sign(hashes, how):
    key = "other.p12" if "other" in how else "key.p12"
    values = tool("hash", key, "\n".join(hashes).encode()).decode().split()
    if "raw" in how:
        values = [base64.b64encode(raw_of(base64.b64decode(v))).decode() for v in values]
    if "order" in how:
        values.reverse()
    return values[:len(values) // 2] if "half" in how else values


def csc_info(_body, how):
    certificates = tool("chain", "other.p12" if "cert" in how else "key.p12").decode().split()
    objects = [{"type": "Password", "id": "PIN", "format": "N"},
               {"type": "Password", "id": "OTP", "format": "N", "generator": "totp"}]
    if "riddle" in how:
        objects.append({"type": "ChallengeResponse", "id": "RIDDLE", "format": "A"})
    return {"description": "DEMO", "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"],
                                           "len": 256, "curve": "1.2.840.10045.3.1.7"},
            "cert": {"status": "expired" if "expired" in how else "valid",
                     "certificates": certificates},
            "auth": {"mode": "oauth2code" if "page" in how else "explicit",
                     "expression": "PIN AND OTP", "objects": objects},
            "SCAL": "2", "multisign": 50, "lang": "id"}


def csc_authorize(body, how):
    given = {proof["id"]: proof["value"] for proof in body["authData"]}
    if given.get("PIN") != PIN:
        csc_refuse("invalid_pin", "The PIN is invalid")
    if given.get("OTP") != CODE:
        csc_refuse("invalid_otp", "The OTP is invalid")
    if len(body["hashes"]) != body["numSignatures"]:
        csc_refuse("invalid_request", "numSignatures does not match hashes")
    with LOCK:
        sad = f"SAD-{len(SADS)}-{time.time_ns()}"
        SADS[sad] = list(body["hashes"])
    return {"SAD": sad, "expiresIn": 0 if "brief" in how else 300}


def csc_sign_hash(body, how):
    with LOCK:
        bound = SADS.pop(body["SAD"], None)
    if "expired" in how:
        csc_refuse("invalid_request", "SAD expired")
    if bound is None:
        csc_refuse("invalid_request", "Invalid parameter SAD")
    if bound != body["hashes"]:
        csc_refuse("invalid_request", "Hash is not authorized by the SAD")
    if "waiting" in how:
        with LOCK:
            ticket = f"response-{len(WAITING)}"
            WAITING[ticket] = body["hashes"]
        return {"responseID": ticket}
    return {"signatures": csc_sign(body["hashes"], how)}


def csc_polling(body, how):
    with LOCK:
        hashes = WAITING.get(body["responseID"])
    if hashes is None:
        csc_refuse("invalid_request", "Invalid parameter responseID")
    return {"responseID": body["responseID"]} if "waiting" in how \
        else {"signatures": csc_sign(hashes, how)}


def csc_service(_body, how):
    methods = ["credentials/list", "credentials/info", "credentials/authorize",
               "signatures/signHash", "signatures/signPolling"]
    return {"specs": "1.0.4.0" if "old" in how else "2.0.0.2", "name": "DEMO",
            "methods": methods[:3] if "nohash" in how else methods,
            "authType": ["external"], "asynchronousOperationMode": True}


def csc_list(body, how):
    users = {"sekar": ["kunci-sekar"], "dua": ["kunci-sekar", "kunci-lain"]}
    return {"credentialIDs": users.get(body["userID"], [])}


CSC = {"service": csc_service, "list": csc_list, "info": csc_info, "authorize": csc_authorize, "signHash": csc_sign_hash,
       "signPolling": csc_polling, "sendOTP": lambda body, how: {}}


def bsre_refuse(code, words, status=400):
    raise Refused(status, {"status_code": code, "error": words})


def bsre_sign(pdf, how):
    done = tool("pdf", "other.p12" if "other" in how else "key.p12", pdf)
    if "resaved" in how:
        (FOLDER / "resaved-in.pdf").write_bytes(done)
        subprocess.run(["qpdf", "--static-id", str(FOLDER / "resaved-in.pdf"),
                        str(FOLDER / "resaved.pdf")], check=False, stderr=subprocess.DEVNULL)
        done = (FOLDER / "resaved.pdf").read_bytes()
    return done


def bsre_check(nik, passphrase, code):
    if nik != NIK:
        bsre_refuse(2011, "user tidak terdaftar")
    if passphrase != PASSPHRASE and code != CODE:
        bsre_refuse(2031, "passphrase salah")


def bsre_status(body, how):
    if body.get("nik") != NIK:
        bsre_refuse(2011, "user tidak terdaftar")
    return {"status_code": 1111, "status": "EXPIRED" if "expired" in how else "ISSUE",
            "message": "DEMO"}


def bsre_sign_new(body, how):
    bsre_check(body.get("nik"), body.get("passphrase"), body.get("totp"))
    assert len(body["signatureProperties"]) == len(body["file"])
    files = [base64.b64encode(bsre_sign(base64.b64decode(text), how)).decode()
             for text in body["file"]]
    if "order" in how:
        files.reverse()
    return {"time": 1, "file": files[:len(files) // 2] if "half" in how else files}


BSRE = {"status": bsre_status, "pdf": bsre_sign_new, "totp": lambda body, how: {"message": "OK"}}


def read_form(kind, data):
    """The fields of multipart/form-data (RFC 7578)."""
    boundary = b"--" + re.search(r"boundary=(.+)", kind).group(1).encode()
    fields = {}
    for part in data.split(boundary)[1:-1]:
        head, value = part[2:-2].split(b"\r\n\r\n", 1)
        fields[re.search(rb'name="([^"]+)"', head).group(1).decode()] = value
    return fields


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def answer(self, status, kind, data, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer_json(self, status, value):
        self.answer(status, "application/json;charset=utf-8", json.dumps(value).encode())

    def misbehave(self, how, data):
        """True if nothing more is to be done."""
        if "silent" in how:
            time.sleep(15)
        elif "busy" in how:
            self.answer(429, "text/plain", b"nanti", [("Retry-After", "7")])
        elif "broken" in how:
            self.answer(500, "text/html", b"<h1>Internal Server Error</h1>")
        elif "garbage" in how:
            self.answer(200, "application/json", bytes(range(256)) * 4)
        elif "echo" in how:
            self.answer_json(400, {"error": data.decode("utf-8", "replace")})
        elif "cut" in how:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.send_header("id_dokumen", "dokumen-1")
            self.end_headers()
            self.wfile.write(b"%PDF-1.7 ")
            self.close_connection = True
        elif "endless" in how:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass
            self.close_connection = True
        else:
            return False
        return True

    def sign_old(self, data, how):
        form = read_form(self.headers["Content-Type"], data)
        bsre_check(form["nik"].decode(), form["passphrase"].decode(), None)
        done = bsre_sign(form["file"], how)
        with LOCK:
            name = f"dokumen-{len(DOCUMENTS)}"
            DOCUMENTS[name] = done
        if "waiting" in how:
            self.answer_json(200, {"id_dokumen": name})
        else:
            self.answer(200, "application/pdf", done, [("id_dokumen", name)])

    def handle_authority(self, path, data):
        kinds = {"tsa": ("time-stamp", "application/timestamp-reply"),
                 "ocsp": ("ocsp", "application/ocsp-response"), "crl": ("crl", "application/pkix-crl")}
        what, kind = kinds[path]
        self.answer(200, kind, tool(what, "authority.p12", data))

    def handle_service(self, path, data, how):
        csc, new = "/csc/v2/" in self.path, "/api/v2/" in self.path
        if csc and path != "service" and self.headers.get("Authorization") != f"Bearer {BEARER}":
            raise Refused(401, {"error": "invalid_token"})
        if csc:
            self.answer_json(200, CSC[path](json.loads(data), how))
        elif new:
            self.answer_json(200, BSRE[path](json.loads(data), how))
        elif self.path == "/api/sign/pdf":
            self.sign_old(data, how)
        elif self.path.startswith("/api/user/status/"):
            self.answer_json(200, bsre_status({"nik": path}, how))
        elif self.path.startswith("/api/sign/download/") and path in DOCUMENTS:
            self.answer(200, "application/pdf", DOCUMENTS[path])
        else:
            self.answer_json(404, {"error": "tidak ada"})

    def handle_one(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.rsplit("/", 1)[-1]
        if self.path.endswith("/csc/v2/info"):
            path = "service"
        how = today("download" if "/download/" in self.path else
                    "status" if "/status/" in self.path else path)
        with LOCK, open(FOLDER / "asked", "a", encoding="utf-8") as log:
            log.write(self.path + "\n")
        if self.misbehave(how, data):
            return
        try:
            if path in ("tsa", "ocsp", "crl"):
                self.handle_authority(path, data)
            else:
                self.handle_service(path, data, how)
        except Refused as refused:
            self.answer_json(refused.status, refused.body)

    do_GET = do_POST = handle_one


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if SCHEME == "https":
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost/O=DEMO", "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                        str(FOLDER / "tls.key"), "-out", str(FOLDER / "tls.pem")],
                       check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / "tls.pem", FOLDER / "tls.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
