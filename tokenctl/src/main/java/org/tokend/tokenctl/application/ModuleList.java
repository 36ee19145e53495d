package org.tokend.tokenctl.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of an NSS database's {@code pkcs11.txt}: blocks of {@code key=value} lines, one block for each module, with empty
 * lines between them. What is not changed stays as it is, byte for byte.
 */
record ModuleList(String text) {

    /** The name of the module that loads p11-kit's client, whatever the person called it. */
    Optional<String> clientName() {
        return blocks().stream()
                .filter(ModuleList::loadsClient)
                .map(block -> value(block, "name").orElse(""))
                .findFirst();
    }

    Optional<String> libraryOf(String name) {
        return blocks().stream()
                .filter(block -> value(block, "name").equals(Optional.of(name)))
                .map(block -> value(block, "library").orElse(""))
                .findFirst();
    }

    ModuleList with(String name, String library) {
        String before =
                text.isEmpty() || text.endsWith("\n\n") ? text : text.endsWith("\n") ? text + "\n" : text + "\n\n";
        return new ModuleList(before + "library=" + library + "\nname=" + name + "\n\n");
    }

    ModuleList withoutClient() {
        StringBuilder kept = new StringBuilder();
        for (List<String> block : blocks()) {
            if (!loadsClient(block)) {
                block.forEach(kept::append);
            }
        }
        return new ModuleList(kept.toString());
    }

    private static boolean loadsClient(List<String> block) {
        return value(block, "library").filter(Machine::isClientModule).isPresent();
    }

    private static Optional<String> value(List<String> block, String key) {
        return block.stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }

    /** Each line with its end, and the empty lines at the end of their block. */
    private List<List<String>> blocks() {
        List<List<String>> blocks = new ArrayList<>();
        boolean between = true;
        for (String line : text.split("(?<=\n)", -1)) {
            boolean empty = line.isBlank();
            if (blocks.isEmpty() || between && !empty) {
                blocks.add(new ArrayList<>());
            }
            between = empty;
            blocks.getLast().add(line);
        }
        return blocks;
    }
}
