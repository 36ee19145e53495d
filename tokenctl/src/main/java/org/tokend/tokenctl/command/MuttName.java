package org.tokend.tokenctl.command;

import java.time.Instant;
import java.util.List;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/**
 * What a person wrote into smime_default_key or smime_sign_as. mutt knows of files only, and puts the directory of its keys or
 * certificates in front of it.
 *
 * @param name an address, or a key's label, URI or fingerprint
 */
record MuttName(String name) {

    static MuttName of(String handedOver) {
        int uri = handedOver.indexOf("pkcs11:");
        return new MuttName(
                uri >= 0 ? handedOver.substring(uri) : handedOver.substring(handedOver.lastIndexOf('/') + 1));
    }

    boolean isAddress() {
        return name.contains("@") && !name.startsWith("pkcs11:");
    }

    /** One's own certificate to be encrypted to, for which mutt has no file because it is on a token. */
    MailCertificate own(List<KeyDescription> listed, Instant now) {
        String key = isAddress() ? "" : KeyName.among(listed, name).fingerprint();
        return CertifiedKey.stream(listed)
                .filter(each -> isAddress()
                        ? each.certificate().hasAddress(name)
                        : each.key().fingerprint().equals(key))
                .map(CertifiedKey::certificate)
                .filter(each -> each.mayEncrypt() && each.isValidAt(now))
                .max(MailCertificate.BY_AGE)
                .orElseThrow(() -> new CommandException(
                        ExitStatus.NO_INPUT,
                        "no certificate for " + name + ": mutt has no file of it, and no token has one that can be"
                                + " encrypted to now; \"tokenctl certs list\" shows what the tokens have"));
    }
}
