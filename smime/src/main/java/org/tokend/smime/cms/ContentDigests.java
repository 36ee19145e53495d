package org.tokend.smime.cms;

import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Several digests of one content, computed as it streams through. */
final class ContentDigests extends OutputStream {

    private final Map<ContentDigest, MessageDigest> running = new EnumMap<>(ContentDigest.class);
    private final Map<ContentDigest, byte[]> results = new EnumMap<>(ContentDigest.class);

    ContentDigests(Collection<ContentDigest> wanted) {
        for (ContentDigest each : wanted.isEmpty() ? EnumSet.noneOf(ContentDigest.class) : EnumSet.copyOf(wanted)) {
            running.put(each, each.start());
        }
    }

    @Override
    public void write(int b) {
        running.values().forEach(digest -> digest.update((byte) b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        running.values().forEach(digest -> digest.update(bytes, offset, length));
    }

    /** To be called when the content is over; empty for a digest that was not asked for. */
    Optional<byte[]> of(ContentDigest digest) {
        MessageDigest over = running.get(digest);
        return over == null
                ? Optional.empty()
                : Optional.of(
                        results.computeIfAbsent(digest, each -> over.digest()).clone());
    }
}
