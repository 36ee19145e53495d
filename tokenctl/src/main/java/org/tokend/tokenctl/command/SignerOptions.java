package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.SigningOptions;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.SigningCertificates;
import org.tokend.smime.certificate.SigningWish;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.profile.Profile;
import org.tokend.smime.profile.ProfileCheck;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import picocli.CommandLine.Option;

/** How a mail is signed, and by whom. */
final class SignerOptions {

    @Option(names = "--key", paramLabel = "KEY", description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private @Nullable String key;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Use a certificate with this address.")
    private @Nullable String from;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Sign, and be encrypted to, as \"tokenctl profile set\" has it; what the other options say"
                    + " goes first.")
    private @Nullable String profile;

    @Option(
            names = "--opaque",
            description =
                    "Put the mail inside the signature, safe from servers that change mails, but readable only with"
                            + " S/MIME.")
    private boolean opaque;

    @Option(
            names = "--algorithm",
            paramLabel = "ALGORITHM",
            converter = SchemeConverter.class,
            completionCandidates = SchemeConverter.Names.class,
            description = "Such as rsa-pss-sha256: \"tokenctl keys --long\" shows what a key can. Otherwise what most"
                    + " mail programs read.")
    private @Nullable SignatureScheme algorithm;

    @Option(
            names = "--chain",
            paramLabel = "FILE",
            description =
                    "CA certificates, PEM or DER; those between the signer and the root are sent along. May be given"
                            + " more than once.")
    private List<Path> chain = new ArrayList<>();

    @Option(
            names = "--header-protection",
            paramLabel = "on|off",
            converter = Switch.Converter.class,
            completionCandidates = Switch.Names.class,
            description =
                    "Whether From, Subject and the others are signed too, and the Subject is encrypted (RFC 9788)."
                            + " Otherwise what the profile says, and on without one.")
    private @Nullable Switch headers;

    /**
     * Signer and options.
     *
     * @param scheme that was used, when it was
     */
    record Chosen(
            CertifiedKey signer,
            SigningOptions options,
            @Nullable SignatureScheme scheme) {

        Chosen by(SignatureScheme used) {
            return new Chosen(signer, options, used);
        }

        SignatureScheme usedScheme() {
            SignatureScheme used = scheme;
            if (used == null) {
                throw new IllegalStateException("nothing was signed");
            }
            return used;
        }
    }

    @Nullable
    String key() {
        return key;
    }

    boolean protectsHeaders(Environment environment) throws IOException {
        Boolean asked = Switch.value(headers);
        if (asked == null) {
            asked = profile(environment).map(Profile::headers).orElse(null);
        }
        return asked == null || asked;
    }

    /** The profile that was named, if one was. */
    Optional<Profile> profile(Environment environment) throws IOException {
        String named = profile;
        return named == null
                ? Optional.empty()
                : Optional.of(MailSetup.profiles(environment).read(named));
    }

    Chosen choose(Mail mail, TokenKeys keys, Environment environment) throws IOException {
        List<KeyDescription> listed = keys.list();
        if (profile != null && key == null) {
            return chooseByProfile(profile, listed, environment);
        }
        String named = key;
        String fingerprint = named == null ? null : KeyName.among(listed, named).fingerprint();
        CertifiedKey signer = new SigningCertificates(listed, environment.clock(), new OwnReputation(environment))
                .choose(new SigningWish(fingerprint, from, mail.from()));
        return new Chosen(
                signer,
                new SigningOptions(
                        opaque,
                        algorithm,
                        known(listed),
                        encryptTo(signer, listed, environment.clock().instant())),
                null);
    }

    /** The signer's own, or the newest certificate on the tokens that is for the signer's address and can be encrypted to. */
    private static @Nullable MailCertificate encryptTo(CertifiedKey signer, List<KeyDescription> listed, Instant now) {
        if (signer.certificate().mayEncrypt()) {
            return signer.certificate();
        }
        return CertifiedKey.stream(listed)
                .map(CertifiedKey::certificate)
                .filter(each -> each.mayEncrypt() && now.isBefore(each.notAfter()) && now.isAfter(each.notBefore()))
                .filter(each -> signer.certificate().addresses().stream().anyMatch(each::hasAddress))
                .max(MailCertificate.BY_AGE)
                .orElse(null);
    }

    private Chosen chooseByProfile(String name, List<KeyDescription> listed, Environment environment)
            throws IOException {
        Profile read = MailSetup.profiles(environment).read(name);
        ProfileCheck check = new ProfileCheck(listed, environment.clock(), new OwnReputation(environment));
        CertifiedKey signer = check.signer(read)
                .orElseThrow(() -> new CommandException(
                        ExitStatus.CONFIGURATION, "the profile " + name + " names no certificate to sign with"));
        String wanted = read.algorithm();
        SignatureScheme scheme =
                algorithm != null || wanted == null ? algorithm : new SchemeConverter().convert(wanted);
        MailCertificate encryptTo = check.encryptTo(read)
                .orElse(encryptTo(signer, listed, environment.clock().instant()));
        return new Chosen(signer, new SigningOptions(opaque, scheme, known(listed), encryptTo), null);
    }

    /** CAs come from the files that are given, and from the tokens, which often carry them. */
    private List<MailCertificate> known(List<KeyDescription> listed) throws IOException {
        List<MailCertificate> known = new ArrayList<>();
        for (Path file : chain) {
            known.addAll(CertificateFile.parse(Files.readAllBytes(file), file.toString()));
        }
        known.addAll(IssuerCertificates.of(listed));
        return known;
    }
}
