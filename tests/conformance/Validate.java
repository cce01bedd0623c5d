/* SPDX-License-Identifier: GPL-3.0-or-later */
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * What EU DSS says: Validate FOLDER, which has root.pem, root.crl and issuer.crl.  A file NAME-LEVEL.pdf must have nothing but
 * signatures of TOTAL_PASSED and PAdES-BASELINE-LEVEL.  Nothing is fetched.
 */
public final class Validate {
    private static int failed;

    private static void check(String path, CommonTrustedCertificateSource trust,
                              ExternalResourcesCRLSource lists) {
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
        verifier.setTrustedCertSources(trust);
        verifier.setCrlSource(lists);
        SignedDocumentValidator validator =
            SignedDocumentValidator.fromDocument(new FileDocument(new File(path)));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument();
        SimpleReport simple = reports.getSimpleReport();
        String level = path.substring(path.lastIndexOf('-') + 1).replace(".pdf", "");

        if (simple.getSignatureIdList().isEmpty()) {
            failed++;
            System.out.println("FAIL " + path + ": no signature");
        }
        for (String id : simple.getSignatureIdList()) {
            String format = String.valueOf(simple.getSignatureFormat(id));
            boolean ok = simple.getIndication(id) == Indication.TOTAL_PASSED
                && format.equals("PAdES-BASELINE-" + level);

            failed += ok ? 0 : 1;
            System.out.println((ok ? "ok   " : "FAIL ") + path + ": " + simple.getIndication(id)
                + " " + format + (simple.getSubIndication(id) != null
                    ? " " + simple.getSubIndication(id) : ""));
            simple.getAdESValidationErrors(id).forEach(
                it -> System.out.println("       error: " + it.getValue()));
            simple.getAdESValidationWarnings(id).forEach(
                it -> System.out.println("       warning: " + it.getValue()));
        }
    }

    public static void main(String[] args) throws IOException {
        CommonTrustedCertificateSource trust = new CommonTrustedCertificateSource();

        File folder = new File(args[0]);
        String[] names = folder.list((dir, name) -> name.endsWith(".pdf"));

        trust.addCertificate(DSSUtils.loadCertificate(new File(folder, "root.pem")));
        Arrays.sort(names);
        for (String name : names) {
            check(new File(folder, name).getPath(), trust,
                new ExternalResourcesCRLSource(Files.newInputStream(folder.toPath().resolve("root.crl")),
                    Files.newInputStream(folder.toPath().resolve("issuer.crl"))));
        }
        System.out.println("EU DSS: " + failed + " refused");
        System.exit(failed > 0 ? 1 : 0);
    }
}
