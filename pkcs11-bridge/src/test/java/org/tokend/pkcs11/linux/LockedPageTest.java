package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LockedPageTest {
    private static final String MAPPING = "[0-9a-f]+-[0-9a-f]+ .*";

    @Test
    @DisplayName("A page is locked and marked as left out of dumps, as the kernel tells it")
    void isLocked() throws Exception {
        try (LockedPage page = LockedPage.allocate(4096)) {
            assertThat(page.locked()).isTrue();
            String smaps = Files.readString(Path.of("/proc/self/smaps"));
            String mapping = smaps.lines()
                    .dropWhile(line -> !isMappingOf(page.segment().address(), line))
                    .skip(1)
                    .takeWhile(line -> !line.matches(MAPPING))
                    .filter(line -> line.startsWith("VmFlags"))
                    .findFirst()
                    .orElse("");
            assertThat(mapping).contains(" lo").contains(" dd");
        }
    }

    /** The kernel makes one mapping of neighbours that are locked alike. */
    private static boolean isMappingOf(long address, String line) {
        if (!line.matches(MAPPING)) {
            return false;
        }
        String[] ends = line.substring(0, line.indexOf(' ')).split("-");
        return Long.compareUnsigned(Long.parseUnsignedLong(ends[0], 16), address) <= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(ends[1], 16)) < 0;
    }

    @Test
    @DisplayName("A closed page cannot be read any more")
    void closed() {
        LockedPage page = LockedPage.allocate(16);
        page.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        page.close();
        assertThatThrownBy(() -> page.segment().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
