package org.tokend.smime;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.RecipientRefusal.Reason;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.policy.Rating;

/**
 * The cipher of one mail: the one that was asked for, else AES-256-GCM if everybody is known to read it, else the policy's.
 *
 * @param why where it comes from
 */
record CipherChoice(ContentAlgorithm cipher, String why) {

    /** What every program has to read (RFC 8551 §2.7); the policy's gives way to these, and not to anything weaker. */
    private static final List<ContentAlgorithm> READ_BY_ALL =
            List.of(ContentAlgorithm.AES_256_CBC, ContentAlgorithm.AES_128_CBC);

    /** Who was told by whom what can be read, on this day and by this policy. */
    record Circumstances(Map<String, Set<ContentAlgorithm>> reads, AlgorithmPolicy policy, Instant now) {

        static Circumstances of(
                Map<String, MailCertificate> chosen, EncryptionPlan.Known known, AlgorithmPolicy policy, Instant now) {
            Map<String, Set<ContentAlgorithm>> reads = new java.util.LinkedHashMap<>();
            chosen.forEach((address, certificate) -> reads.put(address, known.reads(certificate)));
            return new Circumstances(reads, policy, now);
        }

        /** Those who said what they read, and did not name this cipher. */
        private List<String> without(ContentAlgorithm cipher) {
            return reads.entrySet().stream()
                    .filter(each ->
                            !each.getValue().isEmpty() && !each.getValue().contains(cipher))
                    .map(Map.Entry::getKey)
                    .toList();
        }

        private boolean everybodyReads(ContentAlgorithm cipher) {
            return !reads.isEmpty() && reads.values().stream().allMatch(each -> each.contains(cipher));
        }
    }

    /** @param refused gets those who cannot read what was asked for, and the cipher that the policy refuses */
    static CipherChoice of(
            @Nullable ContentAlgorithm asked, Circumstances around, List<RecipientRefusal.Refused> refused) {
        CipherChoice choice = asked == null ? unasked(around) : asked(asked, around, refused);
        Rating rating = around.policy().cipher("AES", around.now());
        if (rating.worth() != Rating.Worth.GOOD) {
            refused.add(new RecipientRefusal.Refused(
                    "", Reason.POLICY, choice.cipher().displayName() + " is not written any more: " + rating.text()));
        }
        return choice;
    }

    private static CipherChoice asked(
            ContentAlgorithm asked, Circumstances around, List<RecipientRefusal.Refused> refused) {
        around.without(asked)
                .forEach(address -> refused.add(new RecipientRefusal.Refused(
                        address,
                        Reason.CAPABILITY_CONFLICT,
                        "says it reads other ciphers than " + asked.displayName()
                                + "; leave --cipher out to use one that everybody reads")));
        return new CipherChoice(asked, "asked for");
    }

    private static CipherChoice unasked(Circumstances around) {
        if (around.everybodyReads(ContentAlgorithm.AES_256_GCM)) {
            return new CipherChoice(ContentAlgorithm.AES_256_GCM, "every recipient is known to read it");
        }
        AlgorithmPolicy policy = around.policy();
        ContentAlgorithm usual = named(policy.defaultCipher(around.now()));
        String source = "the default of the policy of " + policy.date()
                + (policy.row(AlgorithmPolicy.DEFAULT_CIPHER)
                                .equals(AlgorithmPolicy.builtIn().row(AlgorithmPolicy.DEFAULT_CIPHER))
                        ? ""
                        : ", which mail.properties changes");
        List<String> without = around.without(usual);
        if (without.isEmpty()) {
            return new CipherChoice(
                    usual,
                    source
                            + (usual.isAuthenticated()
                                    ? ""
                                    : "; every mail program reads it, and not every recipient is known to read AES-GCM"));
        }
        ContentAlgorithm other = READ_BY_ALL.stream()
                .filter(each -> around.without(each).isEmpty())
                .findFirst()
                .orElse(ContentAlgorithm.AES_256_CBC);
        String unread = String.join(", ", without) + " does not say that " + usual.displayName() + ", " + source + ", ";
        return new CipherChoice(
                other, other == usual ? unread + "is read; nothing weaker is written" : unread + "is read");
    }

    private static ContentAlgorithm named(String name) {
        return Stream.of(ContentAlgorithm.values())
                .filter(ContentAlgorithm::isWritten)
                .filter(each -> each.displayName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the policy allows " + name + ", which is not written"));
    }
}
