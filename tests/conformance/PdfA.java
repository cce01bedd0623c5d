/* SPDX-License-Identifier: GPL-3.0-or-later */
import java.io.File;
import java.io.FileInputStream;
import java.util.Arrays;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.ValidationResult;

/** What veraPDF says: PdfA FOLDER; letter*.pdf must be what their metadata claim. */
public final class PdfA {
    public static void main(String[] args) throws Exception {
        File[] files = new File(args[0]).listFiles(
            (dir, name) -> name.startsWith("letter") && name.endsWith(".pdf"));
        int failed = 0;

        VeraGreenfieldFoundryProvider.initialise();
        Arrays.sort(files);
        for (File file : files) {
            try (FileInputStream in = new FileInputStream(file);
                 PDFAParser parser = Foundries.defaultInstance().createParser(in)) {
                PDFAValidator validator =
                    Foundries.defaultInstance().createValidator(parser.getFlavour(), false);
                ValidationResult result = validator.validate(parser);

                failed += result.isCompliant() ? 0 : 1;
                System.out.println((result.isCompliant() ? "ok   " : "FAIL ") + file.getName() + ": "
                    + parser.getFlavour());
                result.getTestAssertions().stream().limit(3).forEach(
                    it -> System.out.println("       " + it.getRuleId() + " " + it.getMessage()));
            }
        }
        System.out.println("veraPDF: " + failed + " refused");
        System.exit(failed > 0 ? 1 : 0);
    }
}
