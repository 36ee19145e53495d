package org.tokend.smime.chain;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokend.smime.certificate.CertificateLinks;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict.Status;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.policy.AlgorithmPolicy;

/**
 * Finds a path to a trusted root. Every issuer of the right name is tried, whatever its age or key (RFC 8550 §2.3), so that a
 * re-issued CA never stands in the way of the one that fits; a path that holds is never lost to one that does not.
 */
public final class PathFinder {

    private static final int LONGEST = 10;
    /** Somebody may send a hundred cross-certificates that sign each other. */
    private static final int MOST_PATHS = 200;

    private static final int MOST_NAMESAKES = 100;
    private static final int MOST_ROUNDS = 8;

    private final Anchors anchors;
    private final IssuerSource source;
    private final PathRules rules;
    private final Clock clock;

    public PathFinder(Anchors anchors, IssuerSource source, AlgorithmPolicy policy, Clock clock) {
        this.anchors = anchors;
        this.source = source;
        this.rules = new PathRules(policy);
        this.clock = clock;
    }

    public ChainVerdict find(MailCertificate leaf, Collection<MailCertificate> around, FetchBudget budget) {
        return find(leaf, around, clock.instant(), budget);
    }

    /** @param when the path must hold: now, or the day when an old mail was signed */
    public ChainVerdict find(
            MailCertificate leaf, Collection<MailCertificate> around, Instant when, FetchBudget budget) {
        Set<MailCertificate> pool = new LinkedHashSet<>(around);
        List<String> asked = new ArrayList<>();
        Set<MailCertificate> looked = new LinkedHashSet<>();
        Set<MailCertificate> asking = new LinkedHashSet<>();
        ChainVerdict verdict = new Search(pool, when).verdict(leaf);
        for (int round = 0; round < MOST_ROUNDS && !verdict.isTrusted() && mayHelp(verdict.status()); round++) {
            if (!fetched(verdict.path(), pool, looked, asking, asked, budget)) {
                break;
            }
            verdict = new Search(pool, when).verdict(leaf);
        }
        return verdict.after(asked);
    }

    /** A re-issued certificate of the same CA may mend these; nothing that can be fetched mends the others. */
    private static boolean mayHelp(Status status) {
        return switch (status) {
            case CHAIN_GAP, UNTRUSTED_ROOT, EXPIRED_AT_LEVEL, BAD_SIGNATURE, NOT_A_CA, PATH_TOO_LONG, WEAK_ALGORITHM ->
                true;
            case TRUSTED, NAME_NOT_ALLOWED, INVALID, NOT_YET_VALID_AT_LEVEL -> false;
        };
    }

    /** @return whether anything new came */
    private boolean fetched(
            List<MailCertificate> path,
            Set<MailCertificate> pool,
            Set<MailCertificate> looked,
            Set<MailCertificate> asking,
            List<String> asked,
            FetchBudget budget) {
        boolean news = false;
        for (MailCertificate each : path) {
            if (each.isSelfIssued() || asking.contains(each)) {
                continue;
            }
            // What the cache has did not lead to a root the last time: ask those who publish it.
            boolean fresh = looked.contains(each);
            IssuerSource.Found found = source.issuersOf(each, fresh, budget);
            (found.fromCache() ? looked : asking).add(each);
            asked.addAll(found.lines());
            boolean more = pool.addAll(found.certificates());
            news |= more || found.fromCache();
        }
        return news;
    }

    /** One search over one set of certificates. */
    private final class Search {

        private final Set<MailCertificate> pool;
        private final Instant when;
        private int paths;
        private Optional<ChainVerdict> best = Optional.empty();

        Search(Set<MailCertificate> pool, Instant when) {
            this.pool = pool;
            this.when = when;
        }

        ChainVerdict verdict(MailCertificate leaf) {
            extend(List.of(leaf));
            return best.orElseThrow();
        }

        private void extend(List<MailCertificate> path) {
            MailCertificate last = path.get(path.size() - 1);
            if (anchors.contains(last) && (path.size() > 1 || last.isSelfIssued())) {
                ended(rules.judge(path, last, when));
                return;
            }
            List<MailCertificate> issuers = path.size() < LONGEST ? issuers(last, path) : List.of();
            if (issuers.isEmpty()) {
                ended(last.isSelfIssued() ? untrusted(path, last) : gap(path, last));
                return;
            }
            for (MailCertificate issuer : issuers) {
                if (done()) {
                    return;
                }
                List<MailCertificate> longer = new ArrayList<>(path);
                longer.add(issuer);
                extend(longer);
            }
        }

        private boolean done() {
            return paths >= MOST_PATHS || best.filter(ChainVerdict::isTrusted).isPresent();
        }

        private void ended(ChainVerdict verdict) {
            paths++;
            if (best.isEmpty() || nearer(verdict, best.get())) {
                best = Optional.of(verdict);
            }
        }

        private boolean nearer(ChainVerdict one, ChainVerdict other) {
            int order = one.status().compareTo(other.status());
            // Of two gaps the one farther up is the one to close.
            return order > 0 || (order == 0 && one.path().size() > other.path().size());
        }

        /** The likeliest first; all of them are tried, so the order decides the time and never the answer. */
        private List<MailCertificate> issuers(MailCertificate certificate, List<MailCertificate> path) {
            if (certificate.isSelfIssued() && certificate.hasOwnSignature()) {
                return List.of();
            }
            Set<MailCertificate> candidates =
                    new LinkedHashSet<>(anchors.named(certificate.holder().getIssuer()));
            pool.stream()
                    .filter(each -> each.holder()
                            .getSubject()
                            .equals(certificate.holder().getIssuer()))
                    .forEach(candidates::add);
            List<MailCertificate> named = candidates.stream()
                    .filter(each -> path.stream().noneMatch(each::hasSameKeyAndNameAs))
                    .limit(MOST_NAMESAKES)
                    .toList();
            List<MailCertificate> signers =
                    named.stream().filter(each -> each.signed(certificate)).toList();
            // Only the key identifier makes a namesake the issuer; then the signature is what is wrong.
            List<MailCertificate> usable =
                    signers.isEmpty() && certificate.authorityKey().isPresent()
                            ? named.stream().filter(certificate::isIssuedBy).toList()
                            : signers;
            return usable.stream()
                    .sorted(Comparator.comparing((MailCertificate each) -> !anchors.contains(each))
                            .thenComparing(each -> !certificate.isIssuedBy(each))
                            .thenComparing(each -> !each.isValidAt(when))
                            .thenComparing(MailCertificate.BY_AGE.reversed()))
                    .toList();
        }

        private ChainVerdict untrusted(List<MailCertificate> path, MailCertificate root) {
            if (anchors.hasOtherKeyFor(root)) {
                return new ChainVerdict(
                        Status.UNTRUSTED_ROOT,
                        path,
                        root,
                        "a root named " + root.subject() + " is trusted, but with another key than this one ("
                                + root.fingerprint() + ")",
                        "ask the CA which of the two is its own; see \"tokenctl trust list\"",
                        List.of());
            }
            return new ChainVerdict(
                    Status.UNTRUSTED_ROOT,
                    path,
                    root,
                    "nobody here trusts the root " + root.subject() + " (" + root.fingerprint() + ", valid until "
                            + root.notAfter() + ")",
                    "if you know that CA and have compared the fingerprint with it: tokenctl trust add ROOT.pem"
                            + " --fingerprint " + root.fingerprint(),
                    List.of());
        }

        private ChainVerdict gap(List<MailCertificate> path, MailCertificate last) {
            List<String> urls = CertificateLinks.of(last).issuers();
            return new ChainVerdict(
                    Status.CHAIN_GAP,
                    path,
                    last,
                    "the path ends at " + last.subject() + ": the certificate of its issuer " + last.issuer()
                            + last.authorityKey()
                                    .map(key -> " (key identifier " + key + ")")
                                    .orElse("") + " is not at hand",
                    urls.isEmpty()
                            ? "ask the sender or the CA for it, and keep it with \"tokenctl certs import FILE\""
                            : "see why it cannot be fetched with \"tokenctl doctor chain\", or keep it with"
                                    + " \"tokenctl certs import FILE\"",
                    List.of());
        }
    }
}
