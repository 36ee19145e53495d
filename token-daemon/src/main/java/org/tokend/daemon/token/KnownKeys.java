package org.tokend.daemon.token;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokend.daemon.access.KeyName;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;

/** The keys that a token showed last. One is found as quickly among thousands as among a few. */
final class KnownKeys {
    private final List<KeyDescriptor> all;
    private final Map<KeyFingerprint, List<KeyDescriptor>> byFingerprint;

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

    Stream<KeyDescriptor> named(KeyName name) {
        return name instanceof KeyName.Fingerprint one
                ? of(one.fingerprint()).stream()
                : all.stream().filter(name::matches);
    }
}
