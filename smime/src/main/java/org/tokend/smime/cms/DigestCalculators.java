package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;

/** Digests for Bouncy Castle's CMS, for one content. */
final class DigestCalculators implements DigestCalculatorProvider, AutoCloseable {

    private final List<DigestAside> digests = new ArrayList<>();

    @Override
    public DigestCalculator get(AlgorithmIdentifier identifier) throws OperatorCreationException {
        SignatureScheme.Hash hash = SignatureScheme.Hash.of(identifier)
                .orElseThrow(() -> new OperatorCreationException("no digest " + identifier.getAlgorithm()));
        DigestAside digest = DigestAside.of(hash.jcaName());
        digests.add(digest);
        return new Calculator(identifier, digest);
    }

    /** All of the content was written; before this, no digest is there to be asked for. */
    void finish() throws IOException {
        for (DigestAside digest : digests) {
            digest.finish();
        }
    }

    @Override
    public void close() {
        digests.forEach(DigestAside::close);
    }

    private record Calculator(AlgorithmIdentifier identifier, DigestAside digest) implements DigestCalculator {

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return identifier;
        }

        @Override
        public OutputStream getOutputStream() {
            return digest;
        }

        @Override
        public byte[] getDigest() {
            return digest.digest();
        }
    }
}
