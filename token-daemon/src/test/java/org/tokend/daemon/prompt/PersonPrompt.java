package org.tokend.daemon.prompt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A prompt whose answers are given by the test. Thread-safe. */
public final class PersonPrompt implements PinPrompt {
    private final boolean attended;
    private final List<PromptRequest> pinRequests = new ArrayList<>();
    private final List<PromptRequest> questions = new ArrayList<>();
    private final AtomicInteger onScreen = new AtomicInteger();
    private volatile boolean staysOpen;
    private volatile Supplier<PromptAnswer> pins = PromptAnswer.Cancelled::new;
    private volatile Supplier<PromptAnswer> consents = PromptAnswer.Confirmed::new;

    public PersonPrompt(boolean attended) {
        this.attended = attended;
    }

    public static PromptAnswer typed(String pin) {
        Pin entered = new Pin();
        for (byte value : pin.getBytes(StandardCharsets.UTF_8)) {
            entered.append(value);
        }
        return new PromptAnswer.Entered(entered);
    }

    public PersonPrompt types(String pin) {
        pins = () -> typed(pin);
        return this;
    }

    /** Nobody answers until it is withdrawn. */
    public PersonPrompt staysOpen(boolean open) {
        staysOpen = open;
        return this;
    }

    /** How many prompts stand there now. */
    public int onScreen() {
        return onScreen.get();
    }

    public PersonPrompt answers(Supplier<PromptAnswer> answer) {
        pins = answer;
        return this;
    }

    public PersonPrompt consents(Supplier<PromptAnswer> answer) {
        consents = answer;
        return this;
    }

    public synchronized List<PromptRequest> pinRequests() {
        return List.copyOf(pinRequests);
    }

    public synchronized List<PromptRequest> questions() {
        return List.copyOf(questions);
    }

    @Override
    public String name() {
        return attended ? "person" : "file";
    }

    @Override
    public boolean attended() {
        return attended;
    }

    @Override
    public PromptAnswer askPin(PromptRequest request, Withdrawal withdrawal) {
        synchronized (this) {
            pinRequests.add(request);
        }
        return staysOpen ? open(withdrawal) : pins.get();
    }

    @Override
    public PromptAnswer askConsent(PromptRequest request, Withdrawal withdrawal) {
        synchronized (this) {
            questions.add(request);
        }
        return staysOpen ? open(withdrawal) : consents.get();
    }

    private PromptAnswer open(Withdrawal withdrawal) {
        CountDownLatch withdrawn = new CountDownLatch(1);
        withdrawal.onWithdraw(withdrawn::countDown);
        onScreen.incrementAndGet();
        try {
            withdrawn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            onScreen.decrementAndGet();
            withdrawal.promptEnded();
        }
        return new PromptAnswer.Cancelled();
    }
}
