package org.tokend.tokenctl.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Check.Verdict;

/**
 * What several sides make of one certificate, and what one of them lacks that another has.
 *
 * @param sent what comes with the certificate: the CAs between, and nothing that is trusted for that
 */
record TrustSides(List<TrustSide> sides, Collection<MailCertificate> sent, Clock clock) {

    /** The other programs of this machine, who need not trust whom a person trusts for mail. */
    static final String SYSTEM = "system";

    List<Check> of(MailCertificate certificate) {
        List<ChainVerdict> verdicts =
                sides.stream().map(each -> each.judge(certificate, sent, clock)).toList();
        Optional<ChainVerdict> holds =
                verdicts.stream().filter(ChainVerdict::isTrusted).findFirst();
        String subject = certificate.addresses().isEmpty()
                ? certificate.subject()
                : certificate.addresses().get(0);
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            checks.add(check(subject, sides.get(i), verdicts.get(i), holds));
        }
        return checks;
    }

    private Check check(String subject, TrustSide side, ChainVerdict verdict, Optional<ChainVerdict> holds) {
        String name = subject + " for " + side.name();
        if (verdict.isTrusted()) {
            return new Check(name, Verdict.OK, verdict.status() + ": " + verdict.text(), "");
        }
        List<MailCertificate> lacking =
                holds.map(path -> side.lacks(path, sent)).orElse(List.of());
        String lacks = lacking.stream()
                .map(each -> (each.hasOwnSignature() ? "the root " : "the CA between ") + each.subject() + ", "
                        + each.fingerprint())
                .collect(Collectors.joining(", and "));
        return new Check(
                name,
                side.name().equals(SYSTEM) ? Verdict.WARNING : Verdict.FAILED,
                verdict.status() + ": " + verdict.text() + (lacks.isEmpty() ? "" : "; it lacks " + lacks),
                lacks.isEmpty()
                        ? verdict.next()
                        : "give " + (lacking.size() == 1 ? "it" : "them") + " to whoever looks after " + side.name()
                                + ", and the fingerprint on another way; the sender's program should send the CAs"
                                + " between with each mail");
    }
}
