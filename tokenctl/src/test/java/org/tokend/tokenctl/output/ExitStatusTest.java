package org.tokend.tokenctl.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.protocol.ErrorCode;

@DisplayName("The exit code")
class ExitStatusTest {

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    @DisplayName("of an error of tokend says the same about trying again as tokend does")
    void sameAdvice(ErrorCode code) {
        assertThat(ExitStatus.of(code).code()).isBetween(64, 78);
        assertThat(ExitStatus.of(code) == ExitStatus.TEMPORARY).isEqualTo(code.mayRetry());
    }
}
