# SPDX-License-Identifier: GPL-3.0-or-later
"""An authority for certificates and time stamps, made here with openssl, that answers on this machine
alone."""
import contextlib
import http.server
import os
import subprocess
import threading

CNF = """[ca]
default_ca = d
[d]
database = index.txt
default_md = sha256
default_crl_days = 30
[tsa]
default_tsa = t
[t]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
ess_cert_id_chain = no
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
crlDistributionPoints = URI:{url}/root.crl
[stamps]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = critical,timeStamping
crlDistributionPoints = URI:{url}/root.crl
"""
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """A root, a time-stamp authority and a list of revocations, over HTTP while it is there."""

    def __init__(self, folder):
        self.folder, self.server = folder, None
        with http.server.HTTPServer(("127.0.0.1", 0), None) as free:
            self.port = free.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.write("ca.cnf", CNF.format(url=self.url))
        self.write("index.txt", "")
        self.write("serial", "01\n")
        self.ssl("req", "-x509", *EC, "-keyout", "root.key", "-out", "root.pem", "-subj",
                 "/CN=Akar Uji", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.stamper = "tsa"  # who stamps now
        self.issue("tsa", "Cap Waktu Uji", "stamps", 3000)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def ssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name, subject, section, days):
        self.ssl("req", "-new", "-utf8", *EC, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
                 f"/CN={subject}")
        self.ssl("x509", "-req", "-in", f"{name}.csr", "-CA", "root.pem", "-CAkey", "root.key",
                 "-CAcreateserial", "-days", str(days), "-extfile", "ca.cnf", "-extensions", section,
                 "-out", f"{name}.pem")

    def p12(self, name, to, secret):
        self.ssl("pkcs12", "-export", "-inkey", f"{name}.key", "-in", f"{name}.pem", "-certfile",
                 "root.pem", "-passout", f"pass:{secret}", "-out", to)

    def stamp(self, query):
        with open(os.path.join(self.folder, "q.tsq"), "wb") as file:
            file.write(query)
        self.ssl("ts", "-reply", "-config", "ca.cnf", "-section", "t", "-queryfile", "q.tsq",
                 "-signer", f"{self.stamper}.pem", "-inkey", f"{self.stamper}.key", "-out", "r.tsr")
        with open(os.path.join(self.folder, "r.tsr"), "rb") as file:
            return file.read()

    def revoke(self, name):
        self.ssl("ca", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key", "-revoke",
                 f"{name}.pem")

    def crl(self):
        self.ssl("ca", "-gencrl", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key",
                 "-out", "crl.pem")
        self.ssl("crl", "-in", "crl.pem", "-outform", "DER", "-out", "root.crl")
        with open(os.path.join(self.folder, "root.crl"), "rb") as file:
            return file.read()

    @contextlib.contextmanager
    def there(self, status=True):
        """The authority answers; of certificates' status only if @status."""
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def reply(self, kind, body):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                self.reply("application/timestamp-reply", authority.stamp(query))

            def do_GET(self):
                if status:
                    self.reply("application/pkix-crl", authority.crl())
                else:
                    self.send_error(503)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", self.port), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
