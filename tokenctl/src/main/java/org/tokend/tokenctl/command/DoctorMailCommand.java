package org.tokend.tokenctl.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.IssuerCertificates;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.profile.ProfileCheck;
import org.tokend.smime.profile.ProfileException;
import org.tokend.smime.profile.ProfileStore;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Check.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "mail",
        description = "Looks at everything that mail needs: your certificates on the tokens, the certificates of people"
                + " you write to, and your profiles; for each certificate every level of its path and every address"
                + " that is named there. Asks for no PIN.")
final class DoctorMailCommand implements Callable<Integer> {

    private final RootCommand root;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private RecipientsOption recipients = new RecipientsOption();

    DoctorMailCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<KeyDescription> keys;
        try (TokenClient client = root.connect()) {
            keys = client.listKeys(null);
        }
        Set<MailCertificate> around = new LinkedHashSet<>(trust.known());
        around.addAll(IssuerCertificates.of(keys));
        MailTrust decides = trust.mailTrust(root.environment());
        List<Check> checks = new ArrayList<>();
        for (KeyPurpose purpose : KeyPurpose.values()) {
            checks.add(has(purpose, keys));
        }
        CertifiedKey.stream(keys).forEach(each -> look("own ", each.certificate(), decides, around, checks));
        List<MailCertificate> kept = recipients.store(root.environment()).load().certificates().stream()
                .toList();
        around.addAll(kept);
        kept.stream()
                .filter(each -> !each.isAuthority())
                .forEach(each -> look("recipient ", each, decides, around, checks));
        profiles(keys, checks);
        return new CheckReport(root).show(checks);
    }

    /** One that can be used now. */
    private Check has(KeyPurpose purpose, List<KeyDescription> own) {
        long usable = CertifiedKey.stream(own)
                .map(CertifiedKey::certificate)
                .filter(each -> each.isValidAt(root.environment().clock().instant()))
                .filter(each -> CertificateClass.of(each).allows(purpose))
                .count();
        String what = purpose == KeyPurpose.SIGN ? "sign" : "be encrypted to";
        return new Check(
                what,
                usable > 0 ? Verdict.OK : Verdict.FAILED,
                usable + " of " + own.size() + " certificates on the tokens can be used to " + what + " now",
                usable > 0
                        ? ""
                        : "\"tokenctl certs list\" says why not; \"tokenctl key request\" asks your CA for one");
    }

    /** An old certificate is no fault: its key reads old mail. That others trust another root than we do is none either. */
    private void look(
            String whose,
            MailCertificate certificate,
            MailTrust decides,
            Set<MailCertificate> around,
            List<Check> checks) {
        CertificateClass made = CertificateClass.of(certificate);
        String name = whose + certificate.fingerprint().substring(0, 15) + " ";
        boolean now = certificate.isValidAt(root.environment().clock().instant());
        checks.add(new Check(
                name + "certificate",
                now || whose.startsWith("own") ? Verdict.OK : Verdict.WARNING,
                made.word(certificate) + ", " + String.join(" ", certificate.addresses()) + ", "
                        + certificate.describe() + ", valid until " + certificate.notAfter()
                        + (now ? "" : ": not valid now"),
                now || whose.startsWith("own") ? "" : "ask its owner for a signed mail, and keep the new one from it"));
        if (now) {
            checks.addAll(new ChainChecks(name, Verdict.WARNING).of(decides.decide(certificate, around)));
        }
    }

    private void profiles(List<KeyDescription> own, List<Check> checks) throws IOException {
        ProfileStore store = MailSetup.profiles(root.environment());
        ProfileCheck check = new ProfileCheck(own, root.environment().clock(), new OwnReputation(root.environment()));
        for (String name : store.names()) {
            try {
                check.require(store.read(name));
                checks.add(new Check("profile " + name, Verdict.OK, "can be used now", ""));
            } catch (ProfileException unusable) {
                checks.add(new Check(
                        "profile " + name, Verdict.FAILED, unusable.reason() + ": " + unusable.getMessage(), ""));
            }
        }
    }
}
