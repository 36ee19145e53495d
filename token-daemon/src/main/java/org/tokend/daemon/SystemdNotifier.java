package org.tokend.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.pkcs11.linux.Descriptor;
import org.tokend.pkcs11.linux.DescriptorMail;

/** Tells systemd how we are (sd_notify(3)); does nothing without it. */
final class SystemdNotifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    private final @Nullable String address;
    private final @Nullable Duration watchdog;
    private final boolean descriptorStore;
    private volatile boolean stopped;

    SystemdNotifier(Map<String, String> environment) {
        this.address = environment.get("NOTIFY_SOCKET");
        this.watchdog = watchdog(environment);
        // systemd says so from version 254 on; before, the unit file has to.
        this.descriptorStore = environment.getOrDefault("FDSTORE", "").matches("[1-9][0-9]*");
    }

    void ready(String status) {
        send("READY=1\nSTATUS=" + status);
        if (watchdog != null) {
            Duration half = watchdog.dividedBy(2);
            Thread.ofPlatform().name("watchdog").daemon().start(() -> feed(half));
        }
    }

    void status(String status) {
        send("STATUS=" + status);
    }

    void stopping() {
        send("STOPPING=1\nSTATUS=running requests end");
    }

    /** Hands open files to systemd, which hands them to the next daemon. @return false where it does not */
    boolean store(List<Descriptor> descriptors, String name) {
        if (address == null || address.isEmpty() || !descriptorStore) {
            return false;
        }
        try {
            for (int from = 0; from < descriptors.size(); from += DescriptorMail.MOST) {
                DescriptorMail.send(
                        path(address),
                        "FDSTORE=1\nFDNAME=" + name,
                        descriptors.subList(from, Math.min(from + DescriptorMail.MOST, descriptors.size())));
            }
            return true;
        } catch (IOException e) {
            LOG.warn("store=failed socket=\"{}\" reason=\"{}\"", address, e.getMessage());
            return false;
        }
    }

    /** A leading @ stands for the NUL of an abstract name (unix(7)). */
    private static String path(String address) {
        return address.startsWith("@") ? "\0" + address.substring(1) : address;
    }

    private void feed(Duration interval) {
        try {
            while (!stopped) {
                send("WATCHDOG=1");
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(String message) {
        if (address == null || address.isEmpty()) {
            return;
        }
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            channel.send(
                    ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), new UnixSocketAddress(path(address)));
        } catch (IOException e) {
            LOG.warn("notify=failed socket=\"{}\" reason=\"{}\"", address, e.getMessage());
        }
    }

    /** WATCHDOG_USEC is for the process that WATCHDOG_PID names, if it names one. */
    private static @Nullable Duration watchdog(Map<String, String> environment) {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean forUs = pid.isEmpty()
                || pid.equals(Long.toString(ProcessHandle.current().pid()));
        return forUs && microseconds.matches("[1-9][0-9]{0,15}")
                ? Duration.ofNanos(Long.parseLong(microseconds) * 1000)
                : null;
    }

    @Override
    public void close() {
        stopped = true;
    }
}
