package org.tokend.smime.revocation;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.tokend.smime.certificate.CertificateLinks;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LevelRevocation.Trial;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;

/** Asks for every certificate of a path but the root, all at the same time, within one budget. */
public final class RevocationCheck {

    private final CrlSource crls;
    private final OcspSource responders;
    private final LocalCrls local;
    private final Clock clock;

    public RevocationCheck(Fetcher fetcher, DocumentCache cache, LocalCrls local, AlgorithmPolicy policy, Clock clock) {
        this.crls = new CrlSource(fetcher, cache, policy);
        this.responders = new OcspSource(fetcher, cache, policy, new SecureRandom());
        this.local = local;
        this.clock = clock;
    }

    /** @param path leaf first, root last */
    public RevocationVerdict check(List<MailCertificate> path, FetchBudget budget) {
        return check(path, clock.instant(), budget);
    }

    public RevocationVerdict check(List<MailCertificate> path, Instant when, FetchBudget budget) {
        if (path.size() < 2) {
            return new RevocationVerdict(List.of());
        }
        ExecutorService side = Executors.newFixedThreadPool(path.size() - 1, task -> {
            Thread thread = new Thread(task, "revocation");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<LevelRevocation>> questions = new ArrayList<>();
            for (int i = 0; i + 1 < path.size(); i++) {
                int level = i;
                Subject subject = new Subject(path.get(i), path.get(i + 1), when, budget);
                questions.add(() -> ask(level, subject));
            }
            List<LevelRevocation> levels = new ArrayList<>();
            for (Future<LevelRevocation> each : side.invokeAll(questions)) {
                levels.add(each.get());
            }
            return new RevocationVerdict(levels);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new RevocationVerdict(List.of(new LevelRevocation(
                    0, path.get(0), new Unknown(Cause.OFFLINE, "interrupted while asking"), List.of())));
        } catch (ExecutionException defect) {
            throw new IllegalStateException(defect.getCause());
        } finally {
            side.shutdownNow();
        }
    }

    private LevelRevocation ask(int level, Subject subject) {
        List<Trial> trials = new ArrayList<>();
        local.find(subject).ifPresent(trials::add);
        CertificateLinks links = CertificateLinks.of(subject.certificate());
        for (String url : links.ocsp()) {
            if (isOpen(trials)) {
                trials.add(new Trial(url, responders.ask(url, subject)));
            }
        }
        for (String url : links.crls()) {
            if (isOpen(trials)) {
                trials.add(new Trial(url, crls.ask(url, subject)));
            }
        }
        return new LevelRevocation(level, subject.certificate(), state(trials, subject), trials);
    }

    private static boolean isOpen(List<Trial> trials) {
        return trials.stream().allMatch(each -> each.state().isUnknown());
    }

    /** Revoked counts most, then good; of several unknowns the one that tells most. */
    private static RevocationState state(List<Trial> trials, Subject subject) {
        RevocationState found = new Unknown(
                Cause.NOWHERE_TO_ASK,
                "the certificate of " + subject.certificate().subject() + " names neither a CRL nor a responder");
        for (Trial each : trials) {
            if (each.state() instanceof Revoked || (each.state() instanceof Good && found.isUnknown())) {
                found = each.state();
            } else if (each.state() instanceof Unknown next
                    && found instanceof Unknown known
                    && next.cause().compareTo(known.cause()) > 0) {
                found = next;
            }
        }
        return found;
    }
}
