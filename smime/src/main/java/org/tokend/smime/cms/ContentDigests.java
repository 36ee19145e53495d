package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** Several digests of one content, computed as it streams through. To be closed, however it ends. */
final class ContentDigests extends OutputStream {

    private final Map<ContentDigest, DigestAside> running = new EnumMap<>(ContentDigest.class);
    private final Map<ContentDigest, byte[]> results = new EnumMap<>(ContentDigest.class);

    ContentDigests(Collection<ContentDigest> wanted) {
        for (ContentDigest each : wanted.isEmpty() ? EnumSet.noneOf(ContentDigest.class) : EnumSet.copyOf(wanted)) {
            running.put(each, DigestAside.of(each.jcaName()));
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (DigestAside digest : running.values()) {
            digest.write(bytes, offset, length);
        }
    }

    /** The content is over. */
    void finish() throws IOException {
        for (Map.Entry<ContentDigest, DigestAside> each : running.entrySet()) {
            each.getValue().finish();
            results.put(each.getKey(), each.getValue().digest());
        }
    }

    /** After {@link #finish}; empty for a digest that was not asked for. */
    Optional<byte[]> of(ContentDigest digest) {
        return Optional.ofNullable(results.get(digest)).map(byte[]::clone);
    }

    @Override
    public void close() {
        running.values().forEach(DigestAside::close);
    }
}
