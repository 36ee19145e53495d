package org.tokend.smime.authority;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests and revocation lists in files, in PEM or DER. */
public final class PemBlock {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (?:(?:NEW )?CERTIFICATE REQUEST|X509 CRL)-----(.*?)-----END", Pattern.DOTALL);

    private PemBlock() {}

    /** @return the DER of the first block, or what is no PEM as it is */
    public static byte[] der(byte[] file) {
        Matcher block = PEM.matcher(new String(file, StandardCharsets.ISO_8859_1));
        return block.find() ? Base64.getMimeDecoder().decode(block.group(1)) : file.clone();
    }
}
