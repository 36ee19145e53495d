package org.tokend.smime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.KeptRecipient.Origin;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.Capabilities;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.Oaep;

/** One file of the store: lines that say what is known, above a certificate in PEM that every program reads. */
final class RecipientFile {

    private static final String FROM = "from: ";
    private static final String SAID = "said: ";
    private static final String KEPT = "kept: ";
    private static final String READS = "reads: ";

    private RecipientFile() {}

    static List<KeptRecipient> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> reads = values(text, READS)
                .flatMap(line -> Stream.of(line.split(", ", -1)))
                .toList();
        Origin origin = Stream.of(Origin.values())
                .filter(each -> values(text, FROM).anyMatch(each.words()::equals))
                .findFirst()
                .orElse(Origin.FILE);
        List<KeptRecipient> all = new ArrayList<>();
        for (MailCertificate each : CertificateFile.parse(bytes, file.toString())) {
            all.add(new KeptRecipient(each, capabilities(reads), origin, time(text, SAID), time(text, KEPT)));
        }
        return all;
    }

    private static Stream<String> values(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip());
    }

    /** What a person mistyped says nothing, and breaks nothing. */
    private static @Nullable Instant time(String text, String name) {
        try {
            return values(text, name).findFirst().map(Instant::parse).orElse(null);
        } catch (DateTimeException mistyped) {
            return null;
        }
    }

    private static Capabilities capabilities(List<String> names) {
        Set<ContentAlgorithm> ciphers = EnumSet.noneOf(ContentAlgorithm.class);
        Stream.of(ContentAlgorithm.values())
                .filter(each -> names.contains(each.displayName()))
                .forEach(ciphers::add);
        Oaep oaep = names.stream()
                .flatMap(name -> Oaep.named(name).stream())
                .findFirst()
                .orElse(null);
        return new Capabilities(ciphers, oaep);
    }

    static void write(KeptRecipient recipient, Path file) throws IOException {
        List<String> reads = new ArrayList<>(recipient.reads().ciphers().stream()
                .sorted()
                .map(ContentAlgorithm::displayName)
                .toList());
        Oaep oaep = recipient.reads().oaep();
        if (oaep != null) {
            reads.add(oaep.toString());
        }
        String text = recipient.certificate().subject().replaceAll("\\p{Cntrl}", " ") + "\n"
                + line(FROM, recipient.origin().words())
                + line(SAID, seconds(recipient.said()))
                + line(KEPT, seconds(recipient.kept()))
                + line(READS, String.join(", ", reads))
                + CertificateFile.pem(List.of(recipient.certificate()));
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".new", "");
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String seconds(@Nullable Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String line(String name, String value) {
        return value.isEmpty() ? "" : name + value + "\n";
    }
}
