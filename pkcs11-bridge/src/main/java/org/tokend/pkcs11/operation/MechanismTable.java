package org.tokend.pkcs11.operation;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.key.AlgorithmChoice;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.KeyUsage;

/**
 * What one token can do, natively or with a fall-back in software, in the order in which it is tried. Remembers what the
 * token refused. Thread-safe.
 */
public final class MechanismTable implements AlgorithmChoice {
    /** Only these are ever used; the others of a token are not asked about. */
    private static final long[] OF_INTEREST = {
        CKM.RSA_PKCS,
        CKM.RSA_X_509,
        CKM.RSA_PKCS_PSS,
        CKM.RSA_PKCS_OAEP,
        CKM.ECDSA,
        CKM.EDDSA,
        CKM.ECDH1_DERIVE,
        CKM.ECDH1_COFACTOR_DERIVE
    };

    private final Map<Long, Long> flags;
    private final Quirks quirks;
    private final Map<Choice, Set<KeyAlgorithm>> choices = new ConcurrentHashMap<>();
    private final Map<Signing, List<SignPlan>> signing = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final SecureRandom random = new SecureRandom();

    /** A token with thousands of keys has few kinds of them. */
    private record Choice(KeyType type, KeyUsage usage) {}

    private record Signing(KeyType type, int bits, KeyAlgorithm algorithm) {}

    private MechanismTable(Map<Long, Long> flags, Quirks quirks) {
        this.flags = flags;
        this.quirks = quirks;
    }

    public static MechanismTable read(Cryptoki cryptoki, long slot, Quirks quirks) throws CryptokiException {
        Map<Long, Long> flags = new HashMap<>();
        for (long mechanism : cryptoki.getMechanismList(slot)) {
            if (Arrays.stream(OF_INTEREST).anyMatch(each -> each == mechanism)
                    && !quirks.without().contains(mechanism)) {
                MechanismInfo info = cryptoki.getMechanismInfo(slot, mechanism);
                flags.put(mechanism, info.flags());
            }
        }
        return new MechanismTable(Map.copyOf(flags), quirks);
    }

    @Override
    public Set<KeyAlgorithm> algorithms(KeyType type, KeyUsage usage) {
        return choices.computeIfAbsent(new Choice(type, usage), choice -> choose(type, usage));
    }

    private Set<KeyAlgorithm> choose(KeyType type, KeyUsage usage) {
        EnumSet<KeyAlgorithm> possible = EnumSet.noneOf(KeyAlgorithm.class);
        for (KeyAlgorithm algorithm : KeyAlgorithm.values()) {
            boolean allowed = switch (algorithm.use()) {
                case SIGN -> usage.sign();
                case DECRYPT -> usage.decrypt();
                case AGREE -> usage.derive();
            };
            if (allowed && fits(algorithm, type) && planned(algorithm, type)) {
                possible.add(algorithm);
            }
        }
        return Set.copyOf(possible);
    }

    private boolean planned(KeyAlgorithm algorithm, KeyType type) {
        return switch (algorithm.use()) {
            case SIGN -> !signPlans(type, 2048, algorithm).isEmpty();
            case DECRYPT -> !decryptPlans(algorithm).isEmpty();
            case AGREE -> !derivePlans().isEmpty();
        };
    }

    static boolean fits(KeyAlgorithm algorithm, KeyType type) {
        return switch (algorithm) {
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512, ECDH -> type != KeyType.RSA && type != KeyType.ED25519;
            case ED25519 -> type == KeyType.ED25519;
            default -> type == KeyType.RSA;
        };
    }

    /** What to try for a key, best first; what this token has refused for this key is left out. */
    public List<SignPlan> signPlans(KeyDescriptor key, KeyAlgorithm algorithm) {
        List<SignPlan> plans = signing.computeIfAbsent(
                new Signing(key.type(), key.bits(), algorithm),
                kind -> List.copyOf(signPlans(kind.type, kind.bits, kind.algorithm)));
        return notRefused(key, plans);
    }

    public List<DecryptPlan> decryptPlans(KeyDescriptor key, KeyAlgorithm algorithm) {
        return notRefused(key, decryptPlans(algorithm));
    }

    public List<DerivePlan> derivePlans(KeyDescriptor key) {
        return notRefused(key, derivePlans());
    }

    public void refused(KeyDescriptor key, Plan plan) {
        refused.add(key.fingerprint().hex() + plan.name());
    }

    /** Where everything has been refused, everything is tried again: a refusal may have been a mood. */
    private <P extends Plan> List<P> notRefused(KeyDescriptor key, List<P> plans) {
        if (refused.isEmpty()) {
            return plans;
        }
        List<P> left = plans.stream()
                .filter(plan -> !refused.contains(key.fingerprint().hex() + plan.name()))
                .toList();
        return left.isEmpty() ? plans : left;
    }

    /** The mechanisms of which one is needed, in words. Those that hash as well are of no use: only digests come here. */
    public static String needed(KeyAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_PKCS1_SHA1, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PKCS1_RAW, RSA_PKCS1 ->
                "CKM_RSA_PKCS or CKM_RSA_X_509";
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> "CKM_RSA_PKCS_PSS or CKM_RSA_X_509";
            case RSA_OAEP_SHA1, RSA_OAEP_SHA256, RSA_OAEP_SHA384, RSA_OAEP_SHA512 ->
                "CKM_RSA_PKCS_OAEP or CKM_RSA_X_509";
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 -> "CKM_ECDSA";
            case ED25519 -> "CKM_EDDSA";
            case ECDH -> "CKM_ECDH1_DERIVE";
        };
    }

    private List<SignPlan> signPlans(KeyType type, int bits, KeyAlgorithm algorithm) {
        List<SignPlan> plans = new ArrayList<>();
        switch (algorithm) {
            case RSA_PKCS1_SHA1, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 ->
                pkcs1(plans, bits, digest -> RsaPadding.digestInfo(algorithm, digest));
            case RSA_PKCS1_RAW -> pkcs1(plans, bits, UnaryOperator.identity());
            case RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512 -> {
                sign(plans, pss(algorithm), " " + algorithm.digest(), UnaryOperator.identity());
                sign(
                        plans,
                        Mechanism.of(CKM.RSA_X_509),
                        " with PSS in software",
                        digest -> RsaPadding.emsaPss(algorithm.digest(), digest, bits, random));
            }
            case ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512 ->
                sign(plans, Mechanism.of(CKM.ECDSA), "", digest -> leftmost(type, digest));
            case ED25519 -> sign(plans, Mechanism.of(CKM.EDDSA), "", UnaryOperator.identity());
            default -> throw new IllegalArgumentException(algorithm + " does not sign");
        }
        return plans;
    }

    private void pkcs1(List<SignPlan> plans, int bits, UnaryOperator<byte[]> content) {
        sign(plans, Mechanism.of(CKM.RSA_PKCS), "", content);
        sign(
                plans,
                Mechanism.of(CKM.RSA_X_509),
                " with the padding in software",
                input -> RsaPadding.emsaPkcs1(content.apply(input), (bits + 7) / 8));
    }

    private void sign(List<SignPlan> plans, Mechanism mechanism, String suffix, UnaryOperator<byte[]> input) {
        if (can(mechanism.type(), CKF.SIGN)) {
            plans.add(new SignPlan("signing by " + CKM.nameOf(mechanism.type()) + suffix, mechanism, input));
        }
    }

    /** FIPS 186-5 §6.4.1: only the leftmost bits of a longer hash count; not every token cuts them off itself. */
    private static byte[] leftmost(KeyType type, byte[] digest) {
        int field = Curve.of(type).orElseThrow().fieldLength();
        return digest.length > field ? Arrays.copyOf(digest, field) : digest;
    }

    private static Mechanism pss(KeyAlgorithm algorithm) {
        return new Mechanism(
                CKM.RSA_PKCS_PSS, new Mechanism.Pss(hash(algorithm), mgf(algorithm), algorithm.digestLength()));
    }

    private List<DecryptPlan> decryptPlans(KeyAlgorithm algorithm) {
        boolean pkcs1 = algorithm == KeyAlgorithm.RSA_PKCS1;
        Mechanism own = pkcs1
                ? Mechanism.of(CKM.RSA_PKCS)
                : new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(hash(algorithm), mgf(algorithm), new byte[0]));
        List<DecryptPlan> plans = new ArrayList<>();
        if (can(own.type(), CKF.DECRYPT)) {
            String name = "decrypting by " + CKM.nameOf(own.type()) + " " + algorithm.digest();
            plans.add(new DecryptPlan(name, own, false));
        }
        if (can(CKM.RSA_X_509, CKF.DECRYPT)) {
            boolean first = pkcs1 ? !quirks.nativePkcs1() : quirks.rawOaep();
            DecryptPlan raw = new DecryptPlan("decrypting by CKM_RSA_X_509", Mechanism.of(CKM.RSA_X_509), true);
            plans.add(first ? 0 : plans.size(), raw);
        }
        return plans;
    }

    private List<DerivePlan> derivePlans() {
        List<DerivePlan> plans = new ArrayList<>();
        for (long mechanism : new long[] {CKM.ECDH1_DERIVE, CKM.ECDH1_COFACTOR_DERIVE}) {
            // The cofactor of all our curves is 1: both mechanisms compute the same.
            if (can(mechanism, CKF.DERIVE)) {
                for (boolean wrapped : new boolean[] {quirks.wrappedPoint(), !quirks.wrappedPoint()}) {
                    for (DerivePlan.DeriveTemplate template : DerivePlan.DeriveTemplate.values()) {
                        String name =
                                "deriving by " + CKM.nameOf(mechanism) + (wrapped ? " wrapped " : " raw ") + template;
                        plans.add(new DerivePlan(name, mechanism, wrapped, template));
                    }
                }
            }
        }
        return plans;
    }

    /** Some modules give no flags at all; then the list alone counts. */
    private boolean can(long mechanism, long flag) {
        Long known = flags.get(mechanism);
        long functions = CKF.ENCRYPT | CKF.DECRYPT | CKF.SIGN | CKF.VERIFY | CKF.DERIVE | CKF.WRAP | CKF.UNWRAP;
        return known != null && ((known & functions) == 0 || (known & flag) != 0);
    }

    private static long hash(KeyAlgorithm algorithm) {
        return switch (algorithm.digest()) {
            case "SHA-1" -> CKM.SHA_1;
            case "SHA-256" -> CKM.SHA256;
            case "SHA-384" -> CKM.SHA384;
            default -> CKM.SHA512;
        };
    }

    private static long mgf(KeyAlgorithm algorithm) {
        return switch (algorithm.digest()) {
            case "SHA-1" -> CKG.MGF1_SHA1;
            case "SHA-256" -> CKG.MGF1_SHA256;
            case "SHA-384" -> CKG.MGF1_SHA384;
            default -> CKG.MGF1_SHA512;
        };
    }
}
