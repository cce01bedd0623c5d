# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider of identities (OpenID Connect) on this machine: strict with the office, and as bad as it
is told to be."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse
import urllib.request

CLIENT = "naskah-uji"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# SubjectPublicKeyInfo of a key on P-521, up to its point
P521 = bytes.fromhex("30819b301006072a8648ce3d020106052b8104002303818600")


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    assert "=" not in text, text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def openssl(*args, data=None):
    done = subprocess.run(["openssl", *args], input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def integer(data):
    data = data.lstrip(b"\0") or b"\0"
    data = b"\0" + data if data[0] > 127 else data
    return bytes([2, len(data)]) + data


def to_der(raw):
    half = len(raw) // 2
    body = integer(raw[:half]) + integer(raw[half:])
    return b"\x30" + (b"\x81" if len(body) > 127 else b"") + bytes([len(body)]) + body


def from_der(der, half):
    at, out = 2, b""
    for _ in range(2):
        size = der[at + 1]
        out += der[at + 2:at + 2 + size].lstrip(b"\0").rjust(half, b"\0")
        at += 2 + size
    return out


class Key:
    """A key on P-256 of the provider."""

    def __init__(self, folder, name):
        self.name, self.path = name, os.path.join(folder, f"{name}.pem")
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path)
        self.spki = openssl("ec", "-in", self.path, "-pubout", "-outform", "DER")

    def public(self):
        point = self.spki[-64:]
        return {"kty": "EC", "crv": "P-256", "kid": self.name, "use": "sig", "alg": "ES256",
                "x": encode(point[:32]), "y": encode(point[32:])}

    def sign(self, text):
        return from_der(openssl("dgst", "-sha256", "-sign", self.path, data=text), 32)


class Refused(Exception):
    pass


def need(truth, fault):
    if not truth:
        raise Refused(fault)


class Provider:
    def __init__(self, folder):
        self.folder = folder
        self.first, self.second, self.hidden = (Key(folder, name) for name in ("satu", "dua", "tersembunyi"))
        self.published, self.by = [self.first], self.first
        self.bad, self.who, self.more = "", "subjek-1", {}
        self.codes, self.seen, self.asked, self.told = {}, set(), [], []
        self.given, self.ended = {}, []  # ID tokens and of whom they are; who signed out
        self.fault = None
        self.gone = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.serve(self, None)

            def do_POST(self):
                outer.serve(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.office = None  # address of the office's server
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()

    # --- What is asked

    def serve(self, peer, body):
        url = urllib.parse.urlsplit(peer.path)
        ways = {"/.well-known/openid-configuration": self.describe, "/authorize": self.authorize,
                "/keys": self.keys, "/token": self.token, "/end": self.end}
        self.asked.append(url.path)
        try:
            status, headers, answer = ways[url.path](dict(urllib.parse.parse_qsl(url.query)), body, peer)
        except Refused as fault:
            self.fault = str(fault)
            status, headers, answer = 400, {}, {"error": str(fault)}
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        try:
            peer.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                peer.send_header(name, value)
            peer.send_header("Content-Length", str(len(data)))
            peer.end_headers()
            peer.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def describe(self, _query, _body, _peer):
        said = {"issuer": self.issuer, "authorization_endpoint": self.issuer + "/authorize",
                "token_endpoint": self.issuer + "/token", "jwks_uri": self.issuer + "/keys",
                "code_challenge_methods_supported": ["S256"], "response_types_supported": ["code"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256", "ES512"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "authorization_response_iss_parameter_supported": True}
        if self.bad != "no-end":
            said["end_session_endpoint"] = self.issuer + "/end"
        changes = {"end-of-script": {"end_session_endpoint": "javascript:alert(1)"},
                   "other-issuer": {"issuer": "http://127.0.0.1:9"}, "no-token-place": {"token_endpoint": None},
                   "place-in-clear": {"token_endpoint": "http://sso.example.go.id/token"},
                   "place-of-script": {"authorization_endpoint": "javascript:alert(1)"},
                   "no-pkce": {"code_challenge_methods_supported": ["plain"]},
                   "secrets-alone": {"token_endpoint_auth_methods_supported": ["client_secret_basic"]},
                   "other-algorithms": {"id_token_signing_alg_values_supported": ["HS256"]}}
        if self.bad == "description-elsewhere":
            return 302, {"Location": self.issuer + "/keys"}, b""
        if self.bad == "description-broken":
            return 200, {}, b"{\"issuer\":"
        return 200, {}, said | changes.get(self.bad, {})

    def keys(self, _query, _body, _peer):
        if self.bad == "huge-keys":
            return 200, {}, b"{\"keys\":[" + b" " * 2**21 + b"]}"
        return 200, {}, {"keys": [] if self.bad == "no-keys" else [key.public() for key in self.published]}

    def authorize(self, query, _body, _peer):
        """Whoever comes is self.who, and agrees."""
        need(query.get("response_type") == "code" and query["client_id"] == CLIENT, "invalid_request")
        need(query["scope"].split() == ["openid"] and len(query["nonce"]) >= 22, "invalid_request")
        need(query["code_challenge_method"] == "S256" and len(decode(query["code_challenge"])) == 32, "invalid_request")
        need(query["redirect_uri"] in [f"{self.pages}{way}" for way in ("/masuk/sso/kembali", "/profil/sso/kembali")],
             "invalid_request")
        self.told.append(query)
        back = {"state": query["state"], "iss": self.issuer}
        if self.bad == "access-denied":
            back["error"] = "access_denied"
        else:
            code = encode(os.urandom(24))
            self.codes[code] = query | {"at": int(time.time()), "who": self.who}
            back["code"] = code
        back |= {"mix-up": {"iss": "https://lain.example"}, "other-state": {"state": "0" * 32}}.get(self.bad, {})
        if self.bad == "no-iss":
            del back["iss"]
        return 302, {"Location": query["redirect_uri"] + "?" + urllib.parse.urlencode(back)}, b""

    def end(self, query, _body, _peer):
        """OpenID Connect RP-Initiated Logout 1.0, 2: who is known by his token is sent back."""
        need(query.get("id_token_hint") in self.given, "invalid_request")
        need(query["client_id"] == CLIENT and len(query["state"]) >= 22, "invalid_request")
        need(query["post_logout_redirect_uri"] == self.pages + "/keluar/sso/kembali", "invalid_request")
        self.ended.append(self.given[query["id_token_hint"]])
        return 302, {"Location": query["post_logout_redirect_uri"] + "?state=" + query["state"]}, b""

    # --- The token

    def check_client(self, form):
        """RFC 7523, 3, by the key that the office publishes."""
        need(form.get("client_assertion_type") == ASSERTION, "invalid_client")
        head64, body64, value64 = form["client_assertion"].split(".")
        head, claims = json.loads(decode(head64)), json.loads(decode(body64))
        with urllib.request.urlopen(self.office + "/masuk/sso/kunci", timeout=60) as answer:
            need(answer.headers["Content-Type"] == "application/jwk-set+json", "invalid_client")
            keys = json.load(answer)["keys"]
        need(len(keys) == 1 and "d" not in keys[0] and keys[0]["kid"] == head["kid"], "invalid_client")
        need(head["alg"] == "ES512" and keys[0]["crv"] == "P-521", "invalid_client")
        raw = decode(value64)
        need(len(raw) == 132, "invalid_client")
        names = [os.path.join(self.folder, name) for name in ("client.der", "client.sig")]
        for name, data in zip(names, (P521 + b"\4" + decode(keys[0]["x"]) + decode(keys[0]["y"]), to_der(raw))):
            with open(name, "wb") as file:
                file.write(data)
        openssl("dgst", "-sha512", "-keyform", "DER", "-verify", names[0], "-signature", names[1],
                data=f"{head64}.{body64}".encode())
        now = time.time()
        need(claims["iss"] == claims["sub"] == form["client_id"] == CLIENT, "invalid_client")
        need(claims["aud"] == self.issuer + "/token" and len(claims["jti"]) >= 16, "invalid_client")
        need(now - 120 < claims["iat"] <= now + 5 and now < claims["exp"] <= now + 300, "invalid_client")
        need(claims["jti"] not in self.seen, "invalid_client")
        self.seen.add(claims["jti"])

    def token(self, _query, body, peer):
        form = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
        need(peer.headers["Content-Type"] == "application/x-www-form-urlencoded", "invalid_request")
        need(form["grant_type"] == "authorization_code", "unsupported_grant_type")
        self.check_client(form)
        need(self.bad != "refuses-client", "invalid_client")
        if self.bad == "takes-anything":
            return 200, {}, {"access_token": "x", "token_type": "Bearer", "id_token": "x"}
        if self.bad == "out-of-order":
            return 503, {}, b""
        asked = self.codes.pop(form["code"], None)
        need(asked and asked["redirect_uri"] == form["redirect_uri"], "invalid_grant")
        need(encode(hashlib.sha256(form["code_verifier"].encode()).digest()) == asked["code_challenge"],
             "invalid_grant")
        if self.bad == "slow":
            self.gone.wait(60)
        if self.bad == "elsewhere":
            return 307, {"Location": self.issuer + "/token"}, b""
        if self.bad == "huge":
            return 200, {}, b" " * 2**21
        access = encode(os.urandom(24))
        answer = {"access_token": access, "token_type": "Bearer", "id_token": self.id_token(asked, access)}
        self.given[answer["id_token"]] = asked["who"]
        changes = {"no-token": {"id_token": None}, "other-kind": {"token_type": "mac"}}
        return 200, {}, answer | changes.get(self.bad, {})

    def claims(self, asked, access):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": asked["who"], "nonce": asked["nonce"], "iat": now,
                  "exp": now + 300, "auth_time": now,
                  "at_hash": encode(hashlib.sha256(access.encode()).digest()[:16])} | self.more
        changes = {"other-nonce": {"nonce": "x" * 43}, "no-nonce": {"nonce": None},
                   "other-iss": {"iss": self.issuer + "/"}, "other-aud": {"aud": "lain"},
                   "many-aud": {"aud": [CLIENT, "lain"]}, "other-azp": {"aud": [CLIENT, "lain"], "azp": "lain"},
                   "expired": {"iat": now - 600, "exp": now - 120}, "lasting": {"exp": now + 10**7},
                   "to-come": {"iat": now + 600, "exp": now + 900}, "no-exp": {"exp": None},
                   "no-sub": {"sub": None}, "number-sub": {"sub": 7}, "logout": {"events": {}},
                   "other-access": {"at_hash": encode(b"0" * 16)}, "no-auth-time": {"auth_time": None},
                   "old-auth-time": {"auth_time": now - 3600}, "auth-time-to-come": {"auth_time": now + 3600}}
        claims |= changes.get(self.bad, {})
        return {name: value for name, value in claims.items() if value is not None}

    def id_token(self, asked, access):
        head = {"alg": "ES256", "kid": self.by.name, "typ": "JWT"}
        head |= {"none": {"alg": "none"}, "hs256": {"alg": "HS256"}, "other-kid": {"kid": "lain"},
                 "critical": {"crit": ["b64"], "b64": False}, "unknown-alg": {"alg": "ES256K"},
                 "own-key": {"kid": "tersembunyi", "jwk": self.hidden.public()}}.get(self.bad, {})
        body = json.dumps(self.claims(asked, access))
        if self.bad == "twice":
            body = body[:-1] + ", \"sub\": \"subjek-1\"}"
        text = f"{encode(json.dumps(head).encode())}.{encode(body.encode())}".encode()
        if self.bad == "none":
            return text.decode() + "."
        if self.bad == "hs256":  # the public key as the secret
            return text.decode() + "." + encode(hmac.new(self.by.spki, text, hashlib.sha256).digest())
        by = self.hidden if self.bad in ("own-key", "forged") else self.by
        return text.decode() + "." + encode(by.sign(text))
