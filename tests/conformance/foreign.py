#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that pyHanko signed, judged by our verifier: foreign.py NASKAH FOLDER PDF...

Each PDF has the empty fields signatory-1 and signatory-2.  Good files must be valid, and the same with
one byte changed must not; exit status 0 if that is so."""
import datetime
import io
import json
import pathlib
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

DAY = datetime.timedelta(days=1)
KEYS = {"p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "rsa": lambda: rsa.generate_private_key(65537, 2048)}


def certify(name, key, issuer=None, issuer_key=None):
    """A certificate of @key; its own issuer if none is named."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    ca = issuer is None
    usage = {"digital_signature": not ca, "content_commitment": not ca, "key_cert_sign": ca,
             "crl_sign": ca, "key_encipherment": False, "data_encipherment": False,
             "key_agreement": False, "encipher_only": False, "decipher_only": False}
    return (x509.CertificateBuilder().subject_name(subject)
            .issuer_name(subject if ca else issuer.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - DAY)
            .not_valid_after(now + 300 * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .sign(key if ca else issuer_key, hashes.SHA256()))


def make_signer(folder, kind, root, root_key):
    """A signer with a new key, over the files that pyHanko reads."""
    key = KEYS[kind]()
    cert = certify(f"Uji {kind}", key, root, root_key)
    (folder / f"{kind}.key").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (folder / f"{kind}.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    return signers.SimpleSigner.load(str(folder / f"{kind}.key"), str(folder / f"{kind}.pem"),
                                     ca_chain_files=(str(folder / "root.pem"),),
                                     prefer_pss=kind == "rsa")


def sign(pdf, signer, field, certifies=False):
    """The PDF with pyHanko's signature in @field, which is made if it is not there."""
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES,
        certify=certifies, docmdp_permissions=fields.MDPPerm.FILL_FORMS)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.sign_pdf(writer, meta, signer=signer).getvalue()


def judge(naskah, folder, name, pdf):
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    out = subprocess.run([naskah, "verify", "--json", "--trust", folder / "root.pem", path],
                         capture_output=True, text=True, check=False).stdout
    return json.loads(out.splitlines()[-1]).get("verdict", out)


def main(naskah, folder, *paths):
    folder = pathlib.Path(folder)
    root_key = KEYS["p256"]()
    root = certify("Akar Uji", root_key)
    (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    known = {kind: make_signer(folder, kind, root, root_key) for kind in KEYS}
    files = failed = 0
    for path in map(pathlib.Path, paths):
        base = path.read_bytes()
        for kind, signer in known.items():
            one = sign(base, signer, "signatory-1")
            cases = {"one": one, "two": sign(one, signer, "signatory-2"),
                     "certified": sign(base, signer, "signatory-1", certifies=True),
                     "own-field": sign(base, signer, "Tanda")}
            for case, pdf in cases.items():
                changed = bytearray(pdf)
                changed[len(base) // 2] ^= 1
                good = judge(naskah, folder, f"{path.stem}-{kind}-{case}", pdf)
                bad = judge(naskah, folder, f"{path.stem}-{kind}-{case}-changed", bytes(changed))
                files += 1
                if good != "valid" or bad == "valid":
                    failed += 1
                    print(f"FAIL {path.stem} {kind} {case}: {good}, changed: {bad}")
    print(f"files of pyHanko: {files} judged, {failed} wrongly")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
