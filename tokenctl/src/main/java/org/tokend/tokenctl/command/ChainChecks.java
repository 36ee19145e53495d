package org.tokend.tokenctl.command;

import java.util.ArrayList;
import java.util.List;
import org.tokend.smime.MailTrust;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.smime.revocation.LevelRevocation;
import org.tokend.smime.revocation.RevocationState;
import org.tokend.smime.revocation.RevocationVerdict;
import org.tokend.tokenctl.doctor.Check;
import org.tokend.tokenctl.doctor.Check.Verdict;

/**
 * A decision about a certificate, level by level and address by address.
 *
 * @param prefix of the names of the checks, where more than one certificate is looked at
 * @param untrusted what a path that is not trusted means
 */
record ChainChecks(String prefix, Verdict untrusted) {

    List<Check> of(MailTrust.Decision decision) {
        List<Check> checks = new ArrayList<>();
        ChainVerdict chain = decision.chain();
        checks.add(new Check(
                prefix + "path",
                chain.isTrusted() ? Verdict.OK : untrusted,
                chain.status() + ": " + chain.text(),
                chain.next()));
        for (int level = 0; level < chain.path().size(); level++) {
            checks.add(level(level, chain));
        }
        chain.fetches().forEach(line -> checks.add(new Check(prefix + "issuer", Verdict.OK, line, "")));
        RevocationVerdict revocation = decision.revocation();
        if (revocation != null) {
            revocation.levels().forEach(each -> addRevocation(each, checks));
        }
        return checks;
    }

    private Check level(int level, ChainVerdict chain) {
        MailCertificate each = chain.path().get(level);
        return new Check(
                prefix + "level " + level,
                level == chain.level() ? untrusted : Verdict.OK,
                CertificateClass.of(each).word(each) + ", " + each.describe() + ", valid from " + each.notBefore()
                        + " to " + each.notAfter(),
                "");
    }

    private void addRevocation(LevelRevocation level, List<Check> checks) {
        checks.add(new Check(
                prefix + "level " + level.level() + " revocation",
                verdict(level.state()),
                level.state().text(),
                ""));
        for (LevelRevocation.Trial trial : level.trials()) {
            String cause = trial.state() instanceof RevocationState.Unknown unknown ? unknown.cause() + ": " : "";
            checks.add(new Check(
                    prefix + "level " + level.level() + " address",
                    verdict(trial.state()),
                    trial.url() + "  " + cause + trial.state().text(),
                    ""));
        }
    }

    private static Verdict verdict(RevocationState state) {
        if (state instanceof RevocationState.Good) {
            return Verdict.OK;
        }
        return state.isUnknown() ? Verdict.WARNING : Verdict.FAILED;
    }
}
