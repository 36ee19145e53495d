package org.tokend.pkcs11.token;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.Ahead;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.KeyProbe;
import org.tokend.pkcs11.key.PrivateKeyObject;
import org.tokend.pkcs11.key.PublicKeyInfo;
import org.tokend.pkcs11.operation.KeyUse;
import org.tokend.pkcs11.operation.MechanismTable;
import org.tokend.pkcs11.operation.SignOperation;
import org.tokend.pkcs11.operation.SignPlan;
import org.tokend.pkcs11.possession.PossessionCheck;
import org.tokend.pkcs11.session.SessionLease;

/** Tells keys apart by a signature, in the session in which they are being read. */
final class LeaseProbe implements KeyProbe {
    private final TokenIdentity token;
    private final SessionLease lease;
    private final MechanismTable mechanisms;

    LeaseProbe(TokenIdentity token, SessionLease lease, MechanismTable mechanisms) {
        this.token = token;
        this.lease = lease;
        this.mechanisms = mechanisms;
    }

    @Override
    public Optional<PublicKeyInfo> find(PrivateKeyObject privateKey, List<PublicKeyInfo> candidates)
            throws TokenException, CryptokiException {
        KeyType type = candidates.getFirst().type();
        boolean oneType = candidates.stream().allMatch(candidate -> candidate.type() == type);
        if (!oneType || !privateKey.usage().sign() || privateKey.alwaysAuthenticate()) {
            return Optional.empty();
        }
        KeyDescriptor asked = descriptor(privateKey, candidates.getFirst());
        if (asked.algorithms().isEmpty()) {
            return Optional.empty();
        }
        Signer signer = new Signer(asked, privateKey.handle());
        List<byte[]> fits;
        try {
            fits = PossessionCheck.of(asked)
                    .holds(signer, candidates.stream().map(PublicKeyInfo::der).toList(), "find");
        } catch (TokenException.Failed e) {
            if (signer.failure != null) {
                throw signer.failure;
            }
            throw e;
        }
        return candidates.stream()
                .filter(candidate -> fits.stream().anyMatch(fit -> java.util.Arrays.equals(fit, candidate.der())))
                .findFirst();
    }

    private KeyDescriptor descriptor(PrivateKeyObject privateKey, PublicKeyInfo candidate) {
        Set<KeyAlgorithm> signing = java.util.EnumSet.noneOf(KeyAlgorithm.class);
        mechanisms.algorithms(candidate.type(), privateKey.usage()).stream()
                .filter(algorithm -> algorithm.use() == KeyAlgorithm.Use.SIGN)
                .forEach(signing::add);
        return new KeyDescriptor(
                token,
                candidate.fingerprint(),
                candidate.type(),
                candidate.bits(),
                privateKey.id(),
                privateKey.label(),
                candidate.der(),
                List.of(),
                List.of(),
                signing,
                false,
                true,
                null);
    }

    private final class Signer implements PossessionCheck.Asked {
        private final KeyDescriptor key;
        private final long handle;
        private @org.jspecify.annotations.Nullable CryptokiException failure;

        Signer(KeyDescriptor key, long handle) {
            this.key = key;
            this.handle = handle;
        }

        @Override
        public byte[] sign(KeyAlgorithm algorithm, byte[] input) throws TokenException {
            SignPlan plan = mechanisms.signPlans(key, algorithm).getFirst();
            try {
                return SignOperation.run(
                        new KeyUse(lease.cryptoki(), lease.session(), handle, key, false, Ahead.NOT, null),
                        plan,
                        input);
            } catch (CryptokiException e) {
                failure = e;
                throw Failures.of(token, e);
            }
        }

        @Override
        public byte[] decrypt(KeyAlgorithm algorithm, byte[] ciphertext) {
            throw new IllegalStateException("only signatures tell keys apart");
        }

        @Override
        public byte[] agree(byte[] subjectPublicKeyInfo) {
            throw new IllegalStateException("only signatures tell keys apart");
        }
    }
}
