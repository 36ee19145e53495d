package org.tokend.smime.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in a file as CAs hand them out: PEM, one or many, or one in DER. */
public final class CertificateFile {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----(.*?)-----END", Pattern.DOTALL);

    private CertificateFile() {}

    /** @param name of the file, for the message */
    public static List<MailCertificate> parse(byte[] bytes, String name) throws IOException {
        List<byte[]> encoded = new ArrayList<>();
        Matcher blocks = PEM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            encoded.add(Base64.getMimeDecoder().decode(blocks.group(1)));
        }
        if (encoded.isEmpty()) {
            encoded.add(bytes);
        }
        List<MailCertificate> found = new ArrayList<>();
        for (byte[] der : encoded) {
            found.add(MailCertificate.of(der)
                    .orElseThrow(() -> new IOException(name + " holds no certificate in PEM or DER")));
        }
        return found;
    }
}
