#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pyHanko's validator says: validate.py FOLDER, which has root.pem, root.crl and issuer.crl.

Exit status 0 if each signature of each PDF is intact, trusted and covers what it must, and each
signature of a file of level LTA passes pyHanko's validation for that level."""
import asyncio
import pathlib
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


def lta_words(embedded, root):
    """The outcome of the long-term validation, with revocation required and nothing fetched."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[root]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy))
    result = asyncio.run(ades_lta_validation(embedded, spec))
    return str(result.ades_subindic), result.ades_subindic == AdESPassed.OK


def one_file(path, root, lists):
    """Words for each signature, and whether all is well."""
    def context():
        return ValidationContext(trust_roots=[root], crls=lists, allow_fetching=False,
                                 revocation_mode="hard-fail")

    with open(path, "rb") as file:
        reader = PdfFileReader(file, strict=True)
        for embedded in reader.embedded_regular_signatures:
            status = validate_pdf_signature(embedded, context(), context())
            words, ok = status.summary(), status.bottom_line
            if "LTA" in path.name:
                lasting, passed = lta_words(embedded, root)
                words, ok = f"{words} / LTA {lasting}", ok and passed
            yield f"{path.name}: {embedded.field_name}: {words}", ok
        for embedded in reader.embedded_timestamp_signatures:
            status = validate_pdf_timestamp(embedded, context())
            ok = status.intact and status.valid and status.trusted
            yield f"{path.name}: {embedded.field_name}: {status.summary()}", ok


def main(folder):
    folder = pathlib.Path(folder)
    root = load_cert_from_pemder(folder / "root.pem")
    lists = [(folder / name).read_bytes() for name in ("root.crl", "issuer.crl")]
    failed = 0
    for path in sorted(folder.glob("*.pdf")):
        try:
            for words, ok in one_file(path, root, lists):
                failed += not ok
                print("ok  " if ok else "FAIL", words)
        except Exception as fault:  # each file tells its own fault
            failed += 1
            print("FAIL", f"{path.name}: {type(fault).__name__}: {fault}")
    print(f"pyHanko: {failed} refused")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
