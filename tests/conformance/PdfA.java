/* SPDX-License-Identifier: GPL-3.0-or-later */
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * What veraPDF says: PdfA FOLDER...; every letter*.pdf of a folder, and every PDF of the folders
 * within it, must be PDF/A-3a and PDF/UA-1.  Those that pass are counted only.
 */
public final class PdfA {
    private static final PDFAFlavour[] FLAVOURS = { PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1 };

    private static boolean check(Path file, PDFAFlavour flavour) throws Exception {
        try (FileInputStream in = new FileInputStream(file.toFile());
             PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);

            if (result.isCompliant())
                return true;
            System.out.println("FAIL " + file.getParent().getFileName() + "/" + file.getFileName()
                + ": " + flavour);
            result.getTestAssertions().stream().limit(3).forEach(
                it -> System.out.println("       " + it.getRuleId() + " " + it.getMessage()));
            return false;
        }
    }

    private static List<Path> find(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> it.toString().endsWith(".pdf"))
                .filter(it -> !it.getParent().equals(folder)
                    || it.getFileName().toString().startsWith("letter"))
                .sorted().collect(Collectors.toList());
        }
    }

    public static void main(String[] args) throws Exception {
        int failed = 0;

        VeraGreenfieldFoundryProvider.initialise();
        for (String folder : args) {
            List<Path> files = find(new File(folder).toPath());
            int[] passed = new int[FLAVOURS.length];

            for (Path file : files)
                for (int i = 0; i < FLAVOURS.length; i++)
                    passed[i] += check(file, FLAVOURS[i]) ? 1 : 0;
            for (int i = 0; i < FLAVOURS.length; i++) {
                failed += files.size() - passed[i];
                System.out.println("veraPDF: " + folder.replaceAll(".*/", "") + ": " + passed[i]
                    + " of " + files.size() + " are " + FLAVOURS[i]);
            }
        }
        System.out.println("veraPDF: " + failed + " refused");
        System.exit(failed > 0 ? 1 : 0);
    }
}
