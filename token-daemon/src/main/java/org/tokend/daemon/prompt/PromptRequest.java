package org.tokend.daemon.prompt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the person is asked. Texts may hold anything a token or a program put into them: each prompt cleans them for its own
 * medium.
 *
 * @param token name of the token, short
 * @param identifier names the token among all others, for prompts that tell their queries apart
 * @param lines what the person reads, most trustworthy first; the last one may be cut off
 * @param field what stands before the place to type, such as {@code PIN:}
 * @param warning what is wrong, such as a refused PIN, or null
 * @param terminal terminal of the asking program by the kernel's word, or null
 */
public record PromptRequest(
        String token,
        String identifier,
        List<String> lines,
        String field,
        @Nullable String warning,
        @Nullable Path terminal,
        Duration timeout) {

    public PromptRequest {
        lines = List.copyOf(lines);
    }
}
