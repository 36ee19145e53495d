package org.tokend.smime.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.util.CollectionStore;

/** Certificates in a file as CAs hand them out: PEM, one or many; one in DER; a PKCS#7 file (P7B) in PEM or DER. */
public final class CertificateFile {

    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (?:(?:X509 |TRUSTED )?CERTIFICATE|PKCS7|CMS)-----(.*?)-----END", Pattern.DOTALL);

    private CertificateFile() {}

    /** @param name of the file, for the message */
    public static List<MailCertificate> parse(byte[] bytes, String name) throws IOException {
        List<MailCertificate> found = new ArrayList<>();
        for (byte[] der : blocks(bytes)) {
            List<MailCertificate> read = fromDer(der);
            if (read.isEmpty()) {
                throw new IOException(name + " holds no certificate in PEM, DER or PKCS#7");
            }
            found.addAll(read);
        }
        return found;
    }

    /** What can be read, and nothing where nothing can. */
    public static List<MailCertificate> lenient(byte[] bytes) {
        return blocks(bytes).stream().flatMap(der -> fromDer(der).stream()).toList();
    }

    /** SignedData without signers (RFC 5652 §5.1), which Windows and mail programs know as P7B. */
    public static byte[] p7b(Collection<MailCertificate> certificates) throws IOException {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addCertificates(new CollectionStore<>(
                    certificates.stream().map(MailCertificate::holder).toList()));
            return generator
                    .generate(new CMSAbsentContent(CMSObjectIdentifiers.data))
                    .getEncoded();
        } catch (CMSException impossible) {
            throw new IOException("the certificates cannot be written as PKCS#7", impossible);
        }
    }

    public static String pem(Collection<MailCertificate> certificates) {
        StringBuilder pem = new StringBuilder();
        certificates.forEach(each -> pem.append(pem("CERTIFICATE", each.encoded())));
        return pem.toString();
    }

    public static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    private static List<byte[]> blocks(byte[] bytes) {
        List<byte[]> encoded = new ArrayList<>();
        Matcher blocks = PEM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            encoded.add(Base64.getMimeDecoder().decode(blocks.group(1)));
        }
        return encoded.isEmpty() ? List.of(bytes) : encoded;
    }

    private static List<MailCertificate> fromDer(byte[] der) {
        List<MailCertificate> one = MailCertificate.of(der).stream().toList();
        return one.isEmpty() ? fromPkcs7(der) : one;
    }

    private static List<MailCertificate> fromPkcs7(byte[] der) {
        try {
            List<MailCertificate> found = new ArrayList<>();
            for (X509CertificateHolder each :
                    new CMSSignedData(der).getCertificates().getMatches(null)) {
                found.add(new MailCertificate(each));
            }
            return found;
        } catch (CMSException | RuntimeException notPkcs7) {
            return List.of();
        }
    }
}
