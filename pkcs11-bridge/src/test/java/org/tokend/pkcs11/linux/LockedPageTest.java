package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LockedPageTest {
    @Test
    @DisplayName("A page is locked and marked as left out of dumps, as the kernel tells it")
    void isLocked() throws Exception {
        try (LockedPage page = LockedPage.allocate(4096)) {
            assertThat(page.locked()).isTrue();
            String smaps = Files.readString(Path.of("/proc/self/smaps"));
            String start = Long.toHexString(page.segment().address());
            String mapping = smaps.lines()
                    .dropWhile(line -> !line.startsWith(start))
                    .skip(1)
                    .takeWhile(line -> !line.matches("[0-9a-f]+-[0-9a-f]+ .*"))
                    .filter(line -> line.startsWith("VmFlags"))
                    .findFirst()
                    .orElse("");
            assertThat(mapping).contains(" lo").contains(" dd");
        }
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
