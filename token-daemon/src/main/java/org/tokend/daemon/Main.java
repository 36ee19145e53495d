package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.access.CallerReader;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.audit.AuditVerifier;
import org.tokend.daemon.config.ConfigException;
import org.tokend.daemon.config.ConfigReader;
import org.tokend.daemon.config.Configuration;
import org.tokend.daemon.config.DaemonSettings;
import org.tokend.daemon.config.FileTrust;
import org.tokend.daemon.config.OwnUser;
import org.tokend.daemon.config.P11kitSettings;
import org.tokend.daemon.dispatch.ServiceFacts;
import org.tokend.daemon.front.p11kit.P11KitFront;
import org.tokend.daemon.front.varlink.VarlinkFront;
import org.tokend.daemon.transport.BoundSocket;
import org.tokend.daemon.transport.ConnectionLimits;
import org.tokend.daemon.transport.InheritedDescriptors;
import org.tokend.daemon.transport.InheritedSocket;
import org.tokend.daemon.transport.ListeningSocket;
import org.tokend.daemon.transport.PeerPolicy;
import org.tokend.daemon.transport.SocketProblem;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.pkcs11.application.ApplicationLimits;
import org.tokend.pkcs11.application.MemoryBudget;
import org.tokend.pkcs11.discovery.Discovery;
import org.tokend.pkcs11.linux.ProcessProtection;

/** The process and the only place that wires. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private final Map<String, String> environment = System.getenv();
    private final int uid = OwnUser.uid();
    private final Places places = new Places(environment, uid);

    private Main() {}

    public static void main(String[] arguments) {
        // First of all: nothing secret may be in memory before nobody can look into it.
        ProcessProtection.forbidInspection();
        System.exit(new Main().run(Arrays.asList(arguments)).number());
    }

    private ExitCode run(List<String> arguments) {
        try {
            return switch (CommandLine.parse(arguments)) {
                case CommandLine.Help help -> say(CommandLine.HELP.stripTrailing());
                case CommandLine.Version version -> say("tokend " + version());
                case CommandLine.CheckConfig check -> checkConfig(check.file());
                case CommandLine.VerifyAudit verify -> verifyAudit(verify.file());
                case CommandLine.Run run -> serve(run);
            };
        } catch (CommandLine.UsageException e) {
            return fail(ExitCode.USAGE, e);
        } catch (ConfigException e) {
            return fail(ExitCode.CONFIG, e);
        } catch (SocketProblem e) {
            return fail(ExitCode.UNAVAILABLE, e);
        } catch (IOException e) {
            return fail(ExitCode.IO, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.SOFTWARE;
        } catch (RuntimeException | Error e) {
            LOG.error("tokend ends because of a defect", e);
            return ExitCode.SOFTWARE;
        }
    }

    private ExitCode serve(CommandLine.Run run) throws ConfigException, IOException, InterruptedException {
        Configuration configuration = configuration(run.config());
        DaemonSettings settings = configuration.daemon();
        Path state = places.state(settings);
        InheritedDescriptors handed =
                InheritedDescriptors.of(environment, ProcessHandle.current().pid());
        ListeningSocket socket = socket(run, settings, handed);
        AtomicReference<@Nullable UnixListener> listening = new AtomicReference<>();
        ServiceFacts facts = new ServiceFacts(version(), ProcessHandle.current().pid(), Instant.now(), () -> {
            UnixListener listener = listening.get();
            return listener == null ? 0 : listener.connections();
        });
        Service service = Service.of(
                configuration,
                new Service.Surroundings(environment, uid, state, runtimeDirectory(socket, state)),
                facts);
        UnixListener listener = new UnixListener(
                socket,
                new PeerPolicy(uid, settings.allowRoot(), allowedGroup(settings, socket)),
                new ConnectionLimits(
                        settings.maxConnections(), settings.maxConnectionsPerProgram(), settings.writeTimeout()),
                new VarlinkFront(
                        service.dispatcher(),
                        service.events(),
                        new CallerReader(uid, Front.VARLINK),
                        settings.frameTimeout()));
        listening.set(listener);
        new Lifecycle(
                        service,
                        listener,
                        applications(configuration, service, handed),
                        new SystemdNotifier(environment),
                        settings.drain())
                .run(socket.name());
        return ExitCode.OK;
    }

    private ApplicationSocket applications(Configuration configuration, Service service, InheritedDescriptors handed) {
        P11kitSettings settings = configuration.p11kit();
        if (!settings.enabled()) {
            return ApplicationSocket.none();
        }
        return ApplicationSocket.open(
                places.applicationSocket(settings.socket()),
                handed,
                new PeerPolicy(uid, configuration.daemon().allowRoot(), OptionalInt.empty()),
                new ConnectionLimits(
                        settings.maxConnections(),
                        settings.maxConnectionsPerProgram(),
                        configuration.daemon().writeTimeout()),
                new P11KitFront(
                        new CallerReader(uid, Front.P11KIT),
                        service.applications(),
                        new ApplicationLimits(
                                settings.maxSessions(),
                                settings.maxObjects(),
                                ApplicationLimits.DEFAULT.objectBytes(),
                                ApplicationLimits.DEFAULT.collectedBytes()),
                        new MemoryBudget(Runtime.getRuntime().maxMemory() / 4)));
    }

    private Configuration configuration(@Nullable Path asked) throws ConfigException {
        Optional<Path> file = places.config(asked);
        if (file.isEmpty()) {
            LOG.info("config=defaults");
            return Configuration.defaults();
        }
        Configuration configuration = new ConfigReader(new FileTrust(uid)).read(file.get());
        LOG.info("config=\"{}\"", file.get());
        return configuration;
    }

    private ListeningSocket socket(CommandLine.Run run, DaemonSettings settings, InheritedDescriptors handed)
            throws IOException {
        Optional<InheritedSocket> inherited = InheritedSocket.find().or(() -> handed.socket("tokend", "tokend.socket"));
        if (inherited.isPresent()) {
            return inherited.get();
        }
        return BoundSocket.bind(places.socket(run.socket(), settings), uid, settings.allowGroup());
    }

    private static OptionalInt allowedGroup(DaemonSettings settings, ListeningSocket socket) throws IOException {
        return settings.allowGroup() != null && socket instanceof BoundSocket bound
                ? OptionalInt.of(bound.group())
                : OptionalInt.empty();
    }

    /** Where what must not outlive the machine's uptime is kept: beside the socket. */
    private static Path runtimeDirectory(ListeningSocket socket, Path state) {
        Path directory = Path.of(socket.name()).getParent();
        return socket instanceof BoundSocket && directory != null ? directory : state;
    }

    private ExitCode checkConfig(@Nullable Path asked) throws ConfigException {
        Optional<Path> file = places.config(asked);
        Configuration configuration = Configuration.defaults();
        if (file.isEmpty()) {
            say("OK: there is no configuration, so the defaults hold");
        } else {
            configuration = new ConfigReader(new FileTrust(uid)).read(file.get());
            say("OK: " + file.get());
        }
        Discovery discovery = Modules.discover(configuration, environment, uid);
        Modules.settings(configuration, discovery)
                .forEach(module -> say("module " + module.name() + ": " + module.path()));
        discovery.notes().forEach(note -> say("note: " + note));
        return ExitCode.OK;
    }

    private static ExitCode verifyAudit(Path file) throws IOException {
        AuditVerifier.Report report = AuditVerifier.verify(file);
        report.problems().forEach(problem -> System.out.println(file + ": " + problem));
        if (!report.problems().isEmpty()) {
            return ExitCode.DATA;
        }
        return say("OK: " + report.lines() + " lines, the last has the hash " + report.lastHash());
    }

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "development");
    }

    private static ExitCode say(String text) {
        System.out.println(text);
        return ExitCode.OK;
    }

    private static ExitCode fail(ExitCode code, Exception reason) {
        String.valueOf(reason.getMessage()).lines().forEach(line -> System.err.println("tokend: " + line));
        return code;
    }
}
