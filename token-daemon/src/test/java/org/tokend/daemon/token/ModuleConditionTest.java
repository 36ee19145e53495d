package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModuleConditionTest {
    @Test
    @DisplayName("A module that is ready lacks nothing")
    void ready() {
        assertThat(ModuleCondition.READY.shortcoming("card")).isNull();
    }

    @Test
    @DisplayName("What a module lacks is said with its name and the reason")
    void lacks() {
        assertThat(ModuleCondition.STARTING.shortcoming("card")).isEqualTo("the module card is still starting");
        assertThat(ModuleCondition.BLANK.shortcoming("card")).isEqualTo("the module card shows blank tokens only");
        assertThat(ModuleCondition.failed("C_Initialize returned CKR_GENERAL_ERROR")
                        .shortcoming("card"))
                .isEqualTo("the module card has failed: C_Initialize returned CKR_GENERAL_ERROR");
    }
}
