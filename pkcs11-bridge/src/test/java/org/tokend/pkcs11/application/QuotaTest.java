package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.CKR;

class QuotaTest {
    private static final long ALL = 1000;

    private final MemoryBudget budget = new MemoryBudget(ALL);
    private final MemoryBudget.Share greedy = budget.share("greedy");
    private final Quota quota = new Quota(100_000, CKR.DEVICE_MEMORY, greedy);

    @Test
    @DisplayName("An application has a few bytes of its own, however many the others keep")
    void own() throws Exception {
        greedy.take(ALL / 2);
        budget.share("other").take(ALL / 2);
        quota.take(Quota.OWN);
        refused(CKR.HOST_MEMORY, () -> quota.take(1));
        quota.giveBack(Quota.OWN);
        quota.take(Quota.OWN);
    }

    @Test
    @DisplayName("What is over the application's own limit is refused in its own words")
    void most() throws Exception {
        refused(CKR.DEVICE_MEMORY, () -> quota.take(100_001));
        quota.take(1);
        refused(CKR.DEVICE_MEMORY, () -> quota.take(100_000));
    }

    @Test
    @DisplayName("All applications of one program get half of what there is, and the others the rest")
    void halves() throws Exception {
        quota.take(Quota.OWN + 300);
        Quota second = new Quota(100_000, CKR.DEVICE_MEMORY, budget.share("greedy"));
        refused(CKR.HOST_MEMORY, () -> second.take(Quota.OWN + 201));
        second.take(Quota.OWN + 200);
        budget.share("other").take(500);
        refused(CKR.HOST_MEMORY, () -> budget.share("third").take(1));
    }

    @Test
    @DisplayName("What is given back can be taken by others; what was refused was not taken")
    void givenBack() throws Exception {
        quota.take(Quota.OWN + 500);
        refused(CKR.HOST_MEMORY, () -> quota.take(1));
        quota.giveBack(Quota.OWN + 499);
        quota.giveBack(1);
        assertThatCode(() -> greedy.take(500)).doesNotThrowAnyException();
        assertThatCode(() -> budget.share("other").take(500)).doesNotThrowAnyException();
    }
}
