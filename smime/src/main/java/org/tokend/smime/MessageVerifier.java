package org.tokend.smime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureException;
import org.tokend.smime.cms.SignatureReader;
import org.tokend.smime.cms.SignerResult;
import org.tokend.smime.mime.EncryptedMail;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.smime.mime.Headers;
import org.tokend.smime.mime.SenderField;
import org.tokend.smime.mime.SignedMail;
import org.tokend.smime.mime.Source;

/** Verifies signed mails: what exactly is signed, by whom, and whether that is who the mail says it is from. */
public final class MessageVerifier {

    private final SignerTrust trust;
    private final List<MailCertificate> known;
    private final Path spoolDirectory;

    /**
     * @param known certificates that the message may leave out
     * @param spoolDirectory where contents that are too large for memory wait, in files without a name
     */
    public MessageVerifier(SignerTrust trust, List<MailCertificate> known, Path spoolDirectory) {
        this.trust = trust;
        this.known = List.copyOf(known);
        this.spoolDirectory = spoolDirectory;
    }

    /** How the sender's address in the mail fits the signer's certificate (RFC 8550 §3). */
    public enum Address {
        MATCHES,
        /** The certificate is for other addresses. */
        DIFFERS,
        /** The certificate names no address at all. */
        CERTIFICATE_HAS_NONE,
        /** The mail has no From, so there is nothing to compare. */
        MAIL_HAS_NONE,
        /** Two From fields, or one that shows another address than it has. */
        AMBIGUOUS,
        /** The signed From is the certificate's, and the one outside, which many programs show, is another. */
        OUTER_DIFFERS
    }

    /**
     * One signer.
     *
     * @param trust null where there is no certificate, or the signature is bad
     */
    public record Signer(SignerResult signature, @Nullable TrustVerdict trust, Address address) {

        /** Signed, by somebody known, who is the sender. */
        public boolean isProven() {
            TrustVerdict verdict = trust;
            return signature.status().isGood()
                    && verdict != null
                    && verdict.isTrusted()
                    && (address == Address.MATCHES || address == Address.MAIL_HAS_NONE);
        }
    }

    /** What the signatures of a mail come to; all programs that show it say the same. */
    public enum Verdict {
        /** Signed by the sender, as far as the mail says who that is, by certificates that are trusted. */
        GOOD,
        /** Signed, and not shown to be by the sender. */
        NOT_PROVEN,
        /** A signature does not fit. */
        BAD,
        /** No signature could be checked. */
        UNKNOWN
    }

    /**
     * A mail whose signatures were read.
     *
     * @param headers outside the signature: anybody can have written them
     * @param sender as signed, where the header is protected, otherwise as it stands outside
     * @param protection the header inside a signature that fits, or null
     * @param content what is signed and nothing else: a MIME entity with CRLF
     */
    public record VerifiedMail(
            Headers headers,
            boolean opaque,
            SenderField sender,
            @Nullable HeaderProtection protection,
            List<Signer> signers,
            List<MailCertificate> certificates,
            Spool content)
            implements AutoCloseable {

        /** A signature that does not fit; then the content must not be taken for what the signer wrote. */
        public boolean isBad() {
            return signers.stream().anyMatch(each -> each.signature().status().isBad());
        }

        /** At least one signature fits, and none is bad. */
        public boolean isSigned() {
            return !isBad()
                    && signers.stream()
                            .anyMatch(each -> each.signature().status().isGood());
        }

        /** Every signature that could be checked is by somebody known, who is the sender, and there is one. */
        public boolean isProven() {
            return isSigned()
                    && signers.stream()
                            .filter(each -> each.signature().status().isGood())
                            .allMatch(Signer::isProven);
        }

        public Verdict verdict() {
            if (isBad()) {
                return Verdict.BAD;
            }
            return isProven() ? Verdict.GOOD : isSigned() ? Verdict.NOT_PROVEN : Verdict.UNKNOWN;
        }

        public void writeTo(OutputStream out) throws IOException {
            content.writeTo(out);
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /** @param source a mail, or for an opaque one also PEM, base64 or BER */
    public VerifiedMail verify(Source source) throws IOException {
        return verifyInside(source, null);
    }

    /** @param outer of the mail in which the signed entity was found, who says whom it is from; null for its own */
    VerifiedMail verifyInside(Source source, @Nullable Headers outer) throws IOException {
        return spooled(spool -> {
            Optional<SignedMail> clear = SignedMail.read(source);
            if (clear.isPresent()) {
                SignedMail mail = clear.get();
                SignatureReader.Signed signed =
                        new SignatureReader(known).detached(mail.signature(), mail::writeContent, spool, spool::open);
                return judged(outer == null ? mail.headers() : outer, false, signed, spool);
            }
            try (InputStream in = source.open()) {
                EncryptedMail mail = EncryptedMail.read(in);
                SignatureReader.Signed signed = new SignatureReader(known).enclosed(mail.cms(), spool, spool::open);
                return judged(outer == null ? mail.headers() : outer, true, signed, spool);
            }
        });
    }

    /** A signature handed over beside its content, both as bytes, as git and {@code cms -verify -content} do. */
    public VerifiedMail verifyDetached(InputStream signature, Source content) throws IOException {
        return spooled(spool -> {
            byte[] ber = EncryptedMail.read(signature).cms().readAllBytes();
            SignatureReader.Signed signed = new SignatureReader(known)
                    .detached(
                            ber,
                            out -> {
                                try (InputStream in = content.open()) {
                                    in.transferTo(out);
                                }
                            },
                            spool,
                            spool::open);
            return judged(Headers.NONE, false, signed, spool);
        });
    }

    private interface Reading {
        VerifiedMail into(Spool spool) throws IOException;
    }

    private VerifiedMail spooled(Reading reading) throws IOException {
        Spool spool = new Spool(spoolDirectory);
        boolean done = false;
        try {
            VerifiedMail mail = reading.into(spool);
            done = true;
            return mail;
        } finally {
            if (!done) {
                spool.close();
            }
        }
    }

    private VerifiedMail judged(Headers headers, boolean opaque, SignatureReader.Signed signed, Spool content)
            throws IOException {
        if (!CMSObjectIdentifiers.data.equals(signed.contentType())) {
            throw new SignatureException(
                    SignatureException.Reason.NOT_SIGNED,
                    "what is signed is no mail: its type is " + signed.contentType());
        }
        boolean fits = signed.signers().stream().allMatch(each -> !each.status().isBad())
                && signed.signers().stream().anyMatch(each -> each.status().isGood());
        HeaderProtection protection =
                fits ? HeaderProtection.of(content, headers).orElse(null) : null;
        SenderField outer = SenderField.of(headers);
        SenderField sender = sender(outer, protection);
        List<MailCertificate> links = new ArrayList<>(signed.certificates());
        links.addAll(known);
        List<Signer> signers = new ArrayList<>();
        for (SignerResult result : signed.signers()) {
            MailCertificate certificate = result.certificate();
            TrustVerdict verdict = certificate == null || !result.status().isGood()
                    ? null
                    : trust.judge(certificate, KeyPurpose.SIGN, links);
            signers.add(new Signer(result, verdict, address(sender, outer, certificate)));
        }
        return new VerifiedMail(headers, opaque, sender, protection, signers, signed.certificates(), content);
    }

    /** The sender's own word goes first (RFC 9788 §4.4), unless what stands outside is made to be misread. */
    private static SenderField sender(SenderField outer, @Nullable HeaderProtection protection) {
        if (protection == null || !outer.problem().isEmpty()) {
            return outer;
        }
        SenderField inner = SenderField.of(protection.fields());
        return inner.addresses().isEmpty() && inner.problem().isEmpty() ? outer : inner;
    }

    private static Address address(SenderField sender, SenderField outer, @Nullable MailCertificate certificate) {
        Address address = address(sender, certificate);
        boolean shownOtherwise =
                !outer.addresses().isEmpty() && !lower(outer.addresses()).equals(lower(sender.addresses()));
        return address == Address.MATCHES && shownOtherwise ? Address.OUTER_DIFFERS : address;
    }

    private static Set<String> lower(List<String> addresses) {
        return addresses.stream().map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /** All of From and Sender must be the signer's: one of two authors does not speak for the other. */
    private static Address address(SenderField sender, @Nullable MailCertificate certificate) {
        if (!sender.problem().isEmpty()) {
            return Address.AMBIGUOUS;
        }
        if (sender.addresses().isEmpty()) {
            return Address.MAIL_HAS_NONE;
        }
        if (certificate != null && certificate.addresses().isEmpty()) {
            return Address.CERTIFICATE_HAS_NONE;
        }
        return certificate != null && sender.addresses().stream().allMatch(certificate::hasAddress)
                ? Address.MATCHES
                : Address.DIFFERS;
    }
}
