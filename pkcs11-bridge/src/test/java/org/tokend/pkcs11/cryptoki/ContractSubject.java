package org.tokend.pkcs11.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Set;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** What the suites of {@link CryptokiContract} work on. */
public interface ContractSubject {
    long VENDOR_MECHANISM = 0x80001234L;

    /** The implementation under test, over {@link #token()}'s module. */
    Cryptoki cryptoki();

    SoftHsmToken token();

    /** The C functions that it answers with CKR_FUNCTION_NOT_SUPPORTED; the suites hold it to that. */
    default Set<String> lacking() {
        return Set.of();
    }

    /** A call that fails. */
    interface Failing {
        void call() throws Exception;
    }

    /** The call must fail in this function with this return value. */
    static void assertFails(String function, long returnValue, Failing call) {
        CryptokiException thrown = catchThrowableOfType(CryptokiException.class, call::call);
        assertThat(thrown).as("%s fails", function).isNotNull();
        assertThat(thrown.function()).isEqualTo(function);
        assertThat(CKR.nameOf(thrown.returnValue())).isEqualTo(CKR.nameOf(returnValue));
    }

    /** Runs the check, or, where the implementation lacks the function, checks that the call says so. */
    default void unlessLacking(String function, Failing call, Failing check) throws Exception {
        if (lacking().contains(function)) {
            assertFails(function, CKR.FUNCTION_NOT_SUPPORTED, call);
        } else {
            check.call();
        }
    }
}
