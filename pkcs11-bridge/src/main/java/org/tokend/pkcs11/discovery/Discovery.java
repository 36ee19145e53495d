package org.tokend.pkcs11.discovery;

import java.util.List;

/** What the configuration gave: modules, the highest priority first, and notes for people. */
public record Discovery(List<DiscoveredModule> modules, List<DiscoveryNote> notes) {
    public Discovery {
        modules = List.copyOf(modules);
        notes = List.copyOf(notes);
    }
}
