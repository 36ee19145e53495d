package org.tokend.smime.cms;

import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;

/** The JDK's digests, which use the processor's own instructions, for Bouncy Castle's CMS. */
final class JdkDigests implements DigestCalculatorProvider {

    @Override
    public DigestCalculator get(AlgorithmIdentifier identifier) throws OperatorCreationException {
        SignatureScheme.Hash hash = SignatureScheme.Hash.of(identifier)
                .orElseThrow(() -> new OperatorCreationException("no digest " + identifier.getAlgorithm()));
        return new Calculator(identifier, messageDigest(hash));
    }

    static MessageDigest messageDigest(SignatureScheme.Hash hash) {
        try {
            return MessageDigest.getInstance(hash.jcaName());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(hash.jcaName() + " is part of every JDK", impossible);
        }
    }

    private record Calculator(AlgorithmIdentifier identifier, MessageDigest digest) implements DigestCalculator {

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return identifier;
        }

        @Override
        public OutputStream getOutputStream() {
            return new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        }

        @Override
        public byte[] getDigest() {
            return digest.digest();
        }
    }
}
