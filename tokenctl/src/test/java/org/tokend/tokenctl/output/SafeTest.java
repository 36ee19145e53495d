package org.tokend.tokenctl.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Text out of tokens and certificates")
class SafeTest {

    @Test
    @DisplayName("cannot steer the terminal it is shown on")
    void noControl() {
        assertThat(Safe.text("card\u001b[2J\n\u202ecod")).isEqualTo("card?[2J??cod");
        assertThat(Safe.text("Käse 🔑")).isEqualTo("Käse 🔑");
    }
}
