package org.tokend.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.tokend.daemon.config.Configuration;
import org.tokend.daemon.config.ModuleSettings;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.token.ModuleWatch;
import org.tokend.daemon.token.SlotSink;
import org.tokend.pkcs11.discovery.DiscoveredModule;
import org.tokend.pkcs11.discovery.Discovery;
import org.tokend.pkcs11.discovery.DiscoveryNote;
import org.tokend.pkcs11.discovery.P11KitConfiguration;
import org.tokend.pkcs11.discovery.P11KitDirectories;
import org.tokend.pkcs11.host.HostLog;
import org.tokend.pkcs11.host.InProcessModule;
import org.tokend.pkcs11.host.IsolatedModule;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.host.Wrapper;
import org.tokend.pkcs11.object.CatalogRoom;
import org.tokend.pkcs11.object.ObjectIds;
import org.tokend.pkcs11.operation.QuirkTable;
import org.tokend.pkcs11.token.ModuleTokens;
import org.tokend.pkcs11.token.TokenOptions;

/** The modules of the configuration and those that p11-kit lists, each watched. */
final class Modules {
    private static final Logger LOG = LoggerFactory.getLogger(Modules.class);
    /** Beside one connection for each session: the scan's and the login's. */
    private static final int SPARE_CONNECTIONS = 4;

    private final QuirkTable quirks = QuirkTable.load();
    private final ObjectIds objectIds = new ObjectIds();
    private final CatalogRoom room = CatalogRoom.ofHeap();
    private final EventBus events;
    private final SlotSink slots;

    Modules(EventBus events, SlotSink slots) {
        this.events = events;
        this.slots = slots;
    }

    static Discovery discover(Configuration configuration, Map<String, String> environment, int uid) {
        return configuration.discoverModules()
                ? P11KitConfiguration.read(P11KitDirectories.ofThisMachine(environment, uid), "tokend", uid)
                : new Discovery(List.of(), List.of());
    }

    static List<ModuleSettings> settings(Configuration configuration, Discovery discovery) {
        List<ModuleSettings> settings = new ArrayList<>(configuration.modules());
        Set<Path> paths = new HashSet<>();
        Set<String> names = new HashSet<>();
        configuration.modules().forEach(module -> {
            paths.add(real(module.path()));
            names.add(module.name());
        });
        for (DiscoveredModule found : discovery.modules()) {
            // What the configuration names itself, it has the say about.
            if (paths.add(real(found.path())) && names.add(found.name())) {
                settings.add(ModuleSettings.of(found.name(), found.path()).withInitArguments(found.reserved()));
            }
        }
        return settings;
    }

    static void log(List<DiscoveryNote> notes) {
        for (DiscoveryNote note : notes) {
            LOG.atLevel(note.asMeant() ? Level.INFO : Level.WARN).log("discovery=note reason=\"{}\"", note);
        }
    }

    ModuleWatch watch(ModuleSettings settings) {
        Pkcs11Module module = module(settings);
        LOG.info("module={} path=\"{}\" isolation={}", settings.name(), settings.path(), settings.isolation());
        TokenOptions options = TokenOptions.DEFAULT.withMaxSessions(settings.maxSessions());
        return new ModuleWatch(module, new ModuleTokens(module, options, quirks, objectIds, room), events, slots);
    }

    private static Pkcs11Module module(ModuleSettings settings) {
        org.tokend.pkcs11.host.ModuleSettings host = org.tokend.pkcs11.host.ModuleSettings.of(
                        settings.name(), settings.path())
                .withWrapper(Wrapper.valueOf(settings.wrapper().name()), settings.initArguments())
                .withEnvironment(settings.environment())
                .withConnections(settings.maxSessions() + SPARE_CONNECTIONS)
                .withDeadlines(settings.deadline(), settings.loginDeadline());
        return switch (settings.isolation()) {
            case HOST -> new IsolatedModule(host, new LoggedHosts());
            case NONE -> new InProcessModule(host, new LoggedHosts());
        };
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static final class LoggedHosts implements HostLog {
        @Override
        public void started(String module, int pid) {
            LOG.info("module={} host=started pid={}", module, pid);
        }

        @Override
        public void ending(String module, String reason) {
            LOG.warn("module={} host=ending reason=\"{}\"", module, reason);
        }

        @Override
        public void ended(String module, String how) {
            LOG.warn("module={} host=ended how=\"{}\"", module, how);
        }
    }
}
