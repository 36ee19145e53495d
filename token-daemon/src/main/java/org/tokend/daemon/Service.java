package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.application.Applications;
import org.tokend.daemon.application.SlotTable;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.config.Configuration;
import org.tokend.daemon.config.DaemonSettings;
import org.tokend.daemon.config.ModuleSettings;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.LoginRecords;
import org.tokend.daemon.dispatch.ServiceFacts;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.unlock.LoginClock;
import org.tokend.daemon.unlock.PinLedger;
import org.tokend.daemon.unlock.PromptedUnlock;
import org.tokend.daemon.verification.FastProvider;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.pkcs11.discovery.Discovery;

/** Everything between a decoded request and a token, wired; the sockets come in front of it. */
record Service(
        EventBus events,
        AuditLog audit,
        TokenDirectory directory,
        PromptedUnlock unlock,
        RejectionSecrets secrets,
        SlotTable slots,
        Dispatcher dispatcher,
        Applications applications) {

    private static final Duration LONGEST_WAIT_FOR_TOKEN = Duration.ofSeconds(30);

    /**
     * Where and as whom we run.
     *
     * @param state what is kept for good
     * @param runtime what must not outlive the machine's uptime
     */
    record Surroundings(Map<String, String> environment, int uid, Path state, Path runtime) {}

    static Service of(Configuration configuration, Surroundings here, ServiceFacts facts) throws IOException {
        DaemonSettings settings = configuration.daemon();
        EventBus events = new EventBus();
        SlotTable slots = new SlotTable();
        List<ModuleSettings> modules = modules(configuration, here);
        Modules watched = new Modules(events, slots);
        TokenDirectory directory =
                new TokenDirectory(modules.stream().map(watched::watch).toList());
        AuditLog audit = AuditLog.open(
                Optional.ofNullable(settings.auditFile()).orElse(here.state().resolve("audit.jsonl")),
                Clock.systemUTC(),
                FastProvider.sha256());
        PromptedUnlock unlock = new PromptedUnlock(
                new Prompts(configuration, here.environment(), here.uid()),
                PinLedger.open(here.state(), here.runtime()),
                events,
                LoginClock.SYSTEM,
                new LoginRecords(audit));
        RejectionSecrets secrets = new RejectionSecrets(here.state().resolve("rejection"));
        Stages stages = new Stages(
                directory,
                new AccessPolicy(configuration.keys(), configuration.applications()),
                unlock,
                new TokenWorkers(turns(modules), settings.maxWaitingPerToken(), LONGEST_WAIT_FOR_TOKEN),
                settings.verifySignatures() ? new SignatureVerifier() : null,
                new Decryptor(secrets),
                new DecryptBudget(settings.decryptBudget(), System::nanoTime),
                audit);
        Dispatcher dispatcher = new Dispatcher(stages, facts);
        Applications applications = new Applications(
                dispatcher, stages, slots, configuration.p11kit().acceptClientPin());
        return new Service(events, audit, directory, unlock, secrets, slots, dispatcher, applications);
    }

    private static List<ModuleSettings> modules(Configuration configuration, Surroundings here) {
        Discovery discovery = Modules.discover(configuration, here.environment(), here.uid());
        Modules.log(discovery.notes());
        return Modules.settings(configuration, discovery);
    }

    /** As many requests at one token as its module may open sessions; the bridge knows what each token allows. */
    private static int turns(List<ModuleSettings> modules) {
        return modules.stream().mapToInt(ModuleSettings::maxSessions).max().orElse(1);
    }
}
