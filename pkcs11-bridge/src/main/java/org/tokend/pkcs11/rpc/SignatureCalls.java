package org.tokend.pkcs11.rpc;

import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/** Serves signing and verifying. */
final class SignatureCalls {
    private SignatureCalls() {}

    static void addTo(Map<Call, Handler> table) {
        table.put(Call.SIGN_INIT, new OperationStart(CKF.SIGN, Cryptoki::signInit));
        table.put(Call.SIGN, new Transformation(Cryptoki::sign));
        table.put(Call.SIGN_UPDATE, x -> {
            x.cryptoki().signUpdate(x.in().u64(), x.in().data());
            x.reply();
        });
        table.put(Call.SIGN_FINAL, x -> {
            long session = x.in().u64();
            x.replyOutput(session, null, () -> x.cryptoki().signFinal(session));
        });
        table.put(Call.VERIFY_INIT, new OperationStart(CKF.VERIFY, Cryptoki::verifyInit));
        table.put(Call.VERIFY, x -> {
            x.cryptoki().verify(x.in().u64(), x.in().data(), x.in().data());
            x.reply();
        });
        table.put(Call.VERIFY_UPDATE, x -> {
            x.cryptoki().verifyUpdate(x.in().u64(), x.in().data());
            x.reply();
        });
        table.put(Call.VERIFY_FINAL, x -> {
            x.cryptoki().verifyFinal(x.in().u64(), x.in().data());
            x.reply();
        });
    }
}
