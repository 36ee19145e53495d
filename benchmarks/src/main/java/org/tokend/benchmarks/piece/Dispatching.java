package org.tokend.benchmarks.piece;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.ServiceFacts;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.software.RecordingUnlock;
import org.tokend.daemon.software.SoftwareModule;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.daemon.token.ModuleWatch;
import org.tokend.daemon.token.SlotSink;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.verification.FastProvider;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Request;
import org.tokend.protocol.Sign;

/** From the decoded request to the reply, audit record included, on a token that signs at once. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls wire() before anything else.
public class Dispatching {
    private static final Caller CALLER =
            new Caller(1000, 1000, 42, "/usr/bin/mail", Caller.Sandbox.NONE, Front.VARLINK);
    private static final byte[] DIGEST = new byte[32];

    @Param({"true", "false"})
    public boolean verification;

    private final RecordingUnlock unlock = new RecordingUnlock();
    private Path directory;
    private TokenDirectory tokens;
    private Dispatcher dispatcher;
    private Request request;

    @Setup
    public void wire() throws IOException, TokenException {
        SoftwareToken software = new SoftwareToken("piece");
        KeyDescriptor key = software.add(TestKey.P256_A, "mail");
        Token token = signingAtOnce(software, software.sign(key, KeyAlgorithm.ECDSA_SHA256, DIGEST, null));
        directory = Files.createTempDirectory("tokend-bench-");
        tokens = new TokenDirectory(List.of(new ModuleWatch(
                SoftwareModule.of(token), SoftwareModule.scanner(token), new EventBus(), SlotSink.NONE)));
        tokens.start(() -> true);
        tokens.awaitStart(EventSink.NONE);
        request = new Sign(key.fingerprint().toString(), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, DIGEST, "a mail");
        dispatcher = new Dispatcher(
                new Stages(
                        tokens,
                        new AccessPolicy(List.of(), List.of()),
                        unlock,
                        new TokenWorkers(2, 10, Duration.ofSeconds(5)),
                        verification ? new SignatureVerifier() : null,
                        new Decryptor(new RejectionSecrets(directory.resolve("rejection"))),
                        new DecryptBudget(2, System::nanoTime),
                        AuditLog.open(directory.resolve("audit"), Clock.systemUTC(), FastProvider.sha256())),
                new ServiceFacts("bench", 1, Instant.EPOCH, () -> 0));
    }

    private static Token signingAtOnce(SoftwareToken token, byte[] signature) {
        return (Token) Proxy.newProxyInstance(
                Token.class.getClassLoader(), new Class<?>[] {Token.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "sign":
                            return signature;
                        case "provePossession":
                            return null;
                        case "equals":
                            return proxy == arguments[0];
                        default:
                            try {
                                return method.invoke(token, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                    }
                });
    }

    @Benchmark
    public Reply sign() {
        unlock.calls.clear();
        return dispatcher.dispatch(CALLER, request, EventSink.NONE);
    }

    @TearDown
    public void remove() throws IOException {
        tokens.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
