package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static String of(int count) {
        return Listing.of(IntStream.range(0, count).boxed().toList(), number -> "k" + number);
    }

    @Test
    @DisplayName("Ten are named, and of more the first ten and how many there are more")
    void many() {
        assertThat(of(10)).isEqualTo("k0, k1, k2, k3, k4, k5, k6, k7, k8, k9");
        assertThat(of(4711)).isEqualTo("k0, k1, k2, k3, k4, k5, k6, k7, k8, k9 and 4701 more");
    }

    @Test
    @DisplayName("Those that read alike are named once")
    void alike() {
        assertThat(Listing.of(List.of("a", "b", "a"), name -> name)).isEqualTo("a, b");
    }
}
