package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.profile.Profile;
import org.tokend.smime.profile.ProfileCheck;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description =
                "Makes a profile, or changes one. A certificate that expired or is not made for what it is chosen for"
                        + " is refused, now and each time the profile is used.")
final class ProfileSetCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(paramLabel = "NAME", description = "Such as work.")
    private String name = "";

    @Option(
            names = "--sign",
            paramLabel = "CERTIFICATE",
            description = "Certificate to sign with: its fingerprint, the label of its key, or an address.")
    private @Nullable String sign;

    @Option(names = "--encrypt", paramLabel = "CERTIFICATE", description = "Certificate to be encrypted to.")
    private @Nullable String encrypt;

    @Option(
            names = "--algorithm",
            paramLabel = "ALGORITHM",
            converter = SchemeConverter.class,
            completionCandidates = SchemeConverter.Names.class,
            description = "Of signatures, such as rsa-pss-sha256.")
    private @Nullable SignatureScheme algorithm;

    @Option(
            names = "--cipher",
            paramLabel = "CIPHER",
            converter = CipherConverter.class,
            completionCandidates = CipherConverter.Names.class,
            description = "Of encrypted mails.")
    private @Nullable ContentAlgorithm cipher;

    @Option(
            names = "--header-protection",
            paramLabel = "on|off",
            converter = Switch.Converter.class,
            completionCandidates = Switch.Names.class,
            description = "Whether From, Subject and the others are signed and encrypted with the mail. Otherwise on.")
    private @Nullable Switch headers;

    ProfileSetCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Profile profile = new Profile(
                name,
                fingerprint(sign),
                fingerprint(encrypt),
                Optional.ofNullable(algorithm)
                        .map(each -> each.algorithm().wireName())
                        .orElse(null),
                Optional.ofNullable(cipher).map(ContentAlgorithm::displayName).orElse(null),
                Switch.value(headers));
        List<KeyDescription> present;
        try (TokenClient client = root.connect()) {
            present = client.listKeys(null);
        }
        new ProfileCheck(present, root.environment().clock(), new OwnReputation(root.environment())).require(profile);
        MailSetup.profiles(root.environment()).write(profile);
        root.environment().err().println(Safe.text("tokenctl: kept the profile " + name));
        return ExitStatus.OK.code();
    }

    private @Nullable String fingerprint(@Nullable String named) throws IOException {
        if (named == null) {
            return null;
        }
        MailCertificate certificate = CertificateName.resolve(named, root).certificate();
        return certificate.fingerprint();
    }
}
