/* SPDX-License-Identifier: GPL-3.0-or-later */
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.sax.SAXResult;
import javax.xml.transform.stream.StreamSource;
import org.apache.fop.apps.FOUserAgent;
import org.apache.fop.apps.FopFactory;
import org.apache.fop.apps.FopFactoryBuilder;
import org.apache.fop.apps.MimeConstants;
import org.apache.fop.configuration.Configuration;
import org.apache.fop.configuration.DefaultConfigurationBuilder;

/**
 * Renders many files of XSL-FO by FOP in one process.
 *
 * Arguments: the configuration; a file with two paths a line, FO and PDF, with a tab between.  Says
 * a line a file on standard output: "ok" or what was wrong.  What FOP only warns of is left to its
 * log.  Each folder has a factory of its own, for images are looked for beside the FO.
 */
public class FoCompare {
    private final Configuration configuration;
    private final Map<File, FopFactory> factories = new HashMap<>();

    private FoCompare(String path) throws Exception {
        configuration = new DefaultConfigurationBuilder().buildFromFile(new File(path));
    }

    public static void main(String[] args) throws Exception {
        FoCompare self = new FoCompare(args[0]);

        for (String line : Files.readAllLines(Path.of(args[1]))) {
            String[] paths = line.split("\t");

            System.out.println(self.render(new File(paths[0]), new File(paths[1])));
            System.out.flush();
        }
    }

    private FopFactory factoryOf(File folder) {
        return factories.computeIfAbsent(folder, where -> {
            FopFactoryBuilder builder = new FopFactoryBuilder(where.toURI());

            builder.setConfiguration(configuration);
            return builder.build();
        });
    }

    private String render(File fo, File pdf) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pdf.toPath()))) {
            FOUserAgent agent =
                factoryOf(fo.getAbsoluteFile().getParentFile()).newFOUserAgent();
            Transformer copy = TransformerFactory.newInstance().newTransformer();

            copy.transform(new StreamSource(fo),
                           new SAXResult(agent.newFop(MimeConstants.MIME_PDF, out)
                                             .getDefaultHandler()));
            return "ok";
        } catch (Exception | StackOverflowError problem) {
            Throwable cause = problem;

            while (cause.getCause() != null)
                cause = cause.getCause();
            return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        }
    }
}
