package org.tokend.pkcs11.rpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** A module that answers what it was told and writes down how it was called; for bytes that no real module would give. */
final class ScriptedCryptoki {
    private final Map<String, Object> answers = new LinkedHashMap<>();
    private final List<String> calls = new ArrayList<>();

    /** @param answer a value, or a {@link CryptokiException} to throw */
    ScriptedCryptoki answering(String method, Object answer) {
        answers.put(method, answer);
        return this;
    }

    /** The calls with their arguments, byte arrays and secrets in hexadecimal. */
    List<String> calls() {
        return calls;
    }

    Cryptoki cryptoki() {
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, (proxy, method, arguments) -> {
                    if (method.isDefault() && !answers.containsKey(method.getName())) {
                        return InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    calls.add(method.getName() + (arguments == null ? "[]" : describe(arguments)));
                    Object answer = answers.get(method.getName());
                    if (answer instanceof CryptokiException failure) {
                        throw failure;
                    }
                    if (answer == null && method.getReturnType() != void.class) {
                        throw new CryptokiException(method.getName(), CKR.FUNCTION_FAILED);
                    }
                    return answer;
                });
    }

    private static String describe(Object[] arguments) {
        List<String> described = new ArrayList<>();
        for (Object argument : arguments) {
            described.add(
                    switch (argument) {
                        case null -> "null";
                        case byte[] bytes -> HexFormat.of().formatHex(bytes);
                        case MemorySegment secret -> HexFormat.of().formatHex(secret.toArray(ValueLayout.JAVA_BYTE));
                        case long[] numbers -> java.util.Arrays.toString(numbers);
                        default -> argument.toString();
                    });
        }
        return described.toString();
    }
}
