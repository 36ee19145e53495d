package org.tokend.daemon.token;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions that programs ask again and again. Begins anew when there are too many: who makes questions up gains nothing and
 * takes no memory. Thread-safe.
 */
final class RecentAnswers<Q, A> {
    static final int MOST = 256;

    private final Map<Q, A> answers = new ConcurrentHashMap<>();

    @Nullable
    A get(Q question) {
        return answers.get(question);
    }

    void put(Q question, A answer) {
        if (answers.size() >= MOST) {
            answers.clear();
        }
        answers.put(question, answer);
    }
}
