package org.tokend.pkcs11.rpc;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Serves what concerns the module, its slots and tokens. */
final class SlotCalls {
    private static final int LABEL_LENGTH = 32;

    private SlotCalls() {}

    static void addTo(Map<Call, Handler> table) {
        table.put(Call.GET_INFO, x -> InfoCodec.write(x.reply(), x.cryptoki().getInfo()));
        table.put(Call.GET_SLOT_LIST, SlotCalls::getSlotList);
        table.put(Call.GET_SLOT_INFO, x -> {
            var info = x.cryptoki().getSlotInfo(x.in().u64());
            InfoCodec.write(x.reply(), info);
        });
        table.put(Call.GET_TOKEN_INFO, x -> {
            var info = x.cryptoki().getTokenInfo(x.in().u64());
            InfoCodec.write(x.reply(), info);
        });
        table.put(Call.GET_MECHANISM_LIST, SlotCalls::getMechanismList);
        table.put(Call.GET_MECHANISM_INFO, x -> {
            var info = x.cryptoki().getMechanismInfo(x.in().u64(), x.in().u64());
            InfoCodec.write(x.reply(), info);
        });
        table.put(Call.WAIT_FOR_SLOT_EVENT, x -> {
            long slot = x.cryptoki().waitForSlotEvent(x.in().u64());
            x.reply().u64(slot);
        });
        table.put(Call.INIT_TOKEN, SlotCalls::initToken);
        table.put(Call.INIT_TOKEN_2, SlotCalls::initToken2);
    }

    private static void getSlotList(Exchange x) throws CryptokiException, WireFormatException {
        boolean tokenPresent = x.in().flag();
        int capacity = x.numbers();
        x.replyNumbers(capacity, x.cryptoki().getSlotList(tokenPresent));
    }

    private static void getMechanismList(Exchange x) throws CryptokiException, WireFormatException {
        long slot = x.in().u64();
        int capacity = x.numbers();
        long[] mechanisms = LongStream.of(x.cryptoki().getMechanismList(slot))
                .filter(x.client()::carries)
                .toArray();
        x.replyNumbers(capacity, mechanisms);
    }

    /**
     * Clients of version 0 send the label up to the first NUL in their memory, though PKCS#11 does not end it with one: only
     * the first 32 bytes are the label.
     */
    private static void initToken(Exchange x) throws CryptokiException, WireFormatException {
        long slot = x.in().u64();
        var pin = x.in().secret();
        byte[] label = x.in().bytes();
        String text = MessageReader.trimmed(
                label == null ? new byte[0] : Arrays.copyOf(label, Math.min(label.length, LABEL_LENGTH)));
        x.cryptoki().initToken(slot, pin, text);
        x.reply();
    }

    private static void initToken2(Exchange x) throws CryptokiException, WireFormatException {
        long slot = x.in().u64();
        var pin = x.in().secret();
        x.cryptoki().initToken(slot, pin, x.in().text(LABEL_LENGTH));
        x.reply();
    }
}
