package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {
    private final RecentAnswers<Integer, String> answers = new RecentAnswers<>();

    @Test
    @DisplayName("An answer is kept")
    void kept() {
        answers.put(1, "one");
        assertThat(answers.get(1)).isEqualTo("one");
        assertThat(answers.get(2)).isNull();
    }

    @Test
    @DisplayName("Questions that nobody asks twice do not fill the memory")
    void bounded() {
        for (int i = 0; i <= 10 * RecentAnswers.MOST; i++) {
            answers.put(i, "answer");
        }
        long left = IntStream.rangeClosed(0, 10 * RecentAnswers.MOST)
                .filter(i -> answers.get(i) != null)
                .count();
        assertThat(left).isBetween(1L, (long) RecentAnswers.MOST);
    }
}
