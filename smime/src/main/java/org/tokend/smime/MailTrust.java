package org.tokend.smime;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.TrustVerdict.Chain;
import org.tokend.smime.TrustVerdict.Revocation;
import org.tokend.smime.certificate.CertificateClass;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.ChainVerdict;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LevelRevocation;
import org.tokend.smime.revocation.LocalCrls;
import org.tokend.smime.revocation.RevocationCheck;
import org.tokend.smime.revocation.RevocationVerdict;

/**
 * The one place that decides whether a certificate can be relied on for mail: its use, its path to a trusted root, and whether
 * it was revoked, all within one budget for the network.
 */
public final class MailTrust implements SignerTrust {

    /** What an unknown revocation means. */
    public enum Strictness {
        /** It is said, and let pass. */
        SOFT,
        /** It is as bad as a revoked one. */
        HARD,
        /** Nobody asks. */
        OFF
    }

    private final PathFinder paths;
    private final RevocationCheck revocations;
    private final Strictness strictness;
    private final Duration budget;
    private final List<MailCertificate> known;

    /** @param known links of chains that are at hand whatever a message brings along */
    public MailTrust(
            PathFinder paths,
            RevocationCheck revocations,
            Strictness strictness,
            Duration budget,
            Collection<MailCertificate> known) {
        this.paths = paths;
        this.revocations = revocations;
        this.strictness = strictness;
        this.budget = budget;
        this.known = List.copyOf(known);
    }

    /** These roots and no others, and nobody is asked anything. */
    public static MailTrust ofRoots(Collection<MailCertificate> roots, Clock clock) {
        AlgorithmPolicy policy = AlgorithmPolicy.builtIn();
        DocumentCache nothing = DocumentCache.none();
        IssuerSource nobody = new IssuerSource(Fetcher.offline(), nothing);
        return new MailTrust(
                new PathFinder(new Anchors(roots), nobody, policy, clock),
                new RevocationCheck(Fetcher.offline(), nothing, new LocalCrls(List.of(), policy), policy, clock),
                Strictness.OFF,
                Duration.ZERO,
                List.of());
    }

    /** Everything that was found out; {@code revocation} is null where there is no trusted path to ask about. */
    public record Decision(ChainVerdict chain, @Nullable RevocationVerdict revocation) {}

    public Decision decide(MailCertificate certificate, Collection<MailCertificate> around) {
        return decide(certificate, around, FetchBudget.of(budget));
    }

    private Decision decide(MailCertificate certificate, Collection<MailCertificate> around, FetchBudget time) {
        Set<MailCertificate> pool = new LinkedHashSet<>(around);
        pool.addAll(known);
        ChainVerdict chain = paths.find(certificate, pool, time);
        boolean ask = chain.isTrusted() && strictness != Strictness.OFF;
        return new Decision(chain, ask ? revocations.check(chain.path(), time) : null);
    }

    /** Judges all that belongs to one mail within one budget, which starts with the first question. */
    public SignerTrust forOneMail() {
        AtomicReference<FetchBudget> time = new AtomicReference<>();
        return (certificate, purpose, sent) -> {
            FetchBudget fresh = FetchBudget.of(budget);
            FetchBudget running = time.compareAndExchange(null, fresh);
            return judge(certificate, purpose, sent, running == null ? fresh : running);
        };
    }

    @Override
    public TrustVerdict judge(MailCertificate certificate, KeyPurpose purpose, List<MailCertificate> sent) {
        return judge(certificate, purpose, sent, FetchBudget.of(budget));
    }

    private TrustVerdict judge(
            MailCertificate certificate, KeyPurpose purpose, List<MailCertificate> sent, FetchBudget time) {
        Optional<String> wrong = CertificateClass.of(certificate).refusal(purpose);
        if (wrong.isPresent()) {
            return new TrustVerdict(
                    Chain.WRONG_USAGE,
                    Revocation.UNKNOWN,
                    "the certificate of " + certificate.subject() + " does not count: " + wrong.get(),
                    "ask its owner for another certificate",
                    List.of(certificate));
        }
        Decision decision = decide(certificate, sent, time);
        ChainVerdict chain = decision.chain();
        RevocationVerdict revocation = decision.revocation();
        if (!chain.isTrusted() || revocation == null) {
            return new TrustVerdict(state(chain.status()), Revocation.UNKNOWN, text(chain), chain.next(), chain.path());
        }
        return withRevocation(chain, revocation);
    }

    private TrustVerdict withRevocation(ChainVerdict chain, RevocationVerdict revocation) {
        Optional<LevelRevocation> decisive = revocation.decisive();
        if (decisive.isEmpty()) {
            return new TrustVerdict(Chain.TRUSTED, Revocation.GOOD, chain.text(), "", chain.path());
        }
        LevelRevocation level = decisive.get();
        String who = "the certificate of " + level.certificate().subject();
        if (revocation.isRevoked()) {
            return new TrustVerdict(
                    Chain.TRUSTED,
                    Revocation.REVOKED,
                    who + " is " + level.state().text(),
                    "ask its owner for the certificate that replaces it",
                    chain.path());
        }
        boolean refused = strictness == Strictness.HARD;
        return new TrustVerdict(
                refused ? Chain.INVALID : Chain.TRUSTED,
                Revocation.UNKNOWN,
                chain.text() + "; whether " + who + " was revoked is "
                        + level.state().text(),
                "\"tokenctl doctor chain\" shows each address that was asked",
                chain.path());
    }

    private static String text(ChainVerdict chain) {
        return chain.fetches().isEmpty()
                ? chain.text()
                : chain.text() + " (" + String.join("; ", chain.fetches()) + ")";
    }

    private static Chain state(ChainVerdict.Status status) {
        return switch (status) {
            case TRUSTED -> Chain.TRUSTED;
            case UNTRUSTED_ROOT -> Chain.UNTRUSTED_ROOT;
            case CHAIN_GAP -> Chain.GAP;
            case EXPIRED_AT_LEVEL, NOT_YET_VALID_AT_LEVEL -> Chain.EXPIRED;
            case BAD_SIGNATURE, NOT_A_CA, PATH_TOO_LONG, NAME_NOT_ALLOWED, WEAK_ALGORITHM, INVALID -> Chain.INVALID;
        };
    }
}
