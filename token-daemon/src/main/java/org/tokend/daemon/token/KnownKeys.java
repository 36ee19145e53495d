package org.tokend.daemon.token;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tokend.daemon.access.KeyName;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;

/** The keys that a token showed last. One that is asked for again is found as quickly among thousands as among a few. */
final class KnownKeys {
    private final List<KeyDescriptor> all;
    private final Map<KeyFingerprint, List<KeyDescriptor>> byFingerprint;

    /** By URI, which is compared with each key. */
    private final RecentAnswers<KeyName, List<KeyDescriptor>> byUri = new RecentAnswers<>();

    KnownKeys(List<KeyDescriptor> all) {
        this.all = List.copyOf(all);
        this.byFingerprint = this.all.stream().collect(Collectors.groupingBy(KeyDescriptor::fingerprint));
    }

    List<KeyDescriptor> all() {
        return all;
    }

    List<KeyDescriptor> of(KeyFingerprint fingerprint) {
        return byFingerprint.getOrDefault(fingerprint, List.of());
    }

    List<KeyDescriptor> named(KeyName name) {
        return switch (name) {
            case KeyName.Fingerprint one -> of(one.fingerprint());
            case KeyName.Uri uri -> matching(uri);
        };
    }

    private List<KeyDescriptor> matching(KeyName.Uri name) {
        List<KeyDescriptor> known = byUri.get(name);
        if (known != null) {
            return known;
        }
        List<KeyDescriptor> found = all.stream().filter(name::matches).toList();
        if (!found.isEmpty()) {
            byUri.put(name, found);
        }
        return found;
    }
}
