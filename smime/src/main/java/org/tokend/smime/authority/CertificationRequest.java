package org.tokend.smime.authority;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.tokend.smime.authority.AuthorityException.Reason;

/**
 * A PKCS#10 request that was checked: who made it has the key, which is long enough, and it asks for nothing but mail.
 *
 * @param names as the request has them
 * @param usage bits of {@link KeyUsage} that the certificate gets
 */
record CertificationRequest(
        X500Name subject, SubjectPublicKeyInfo key, GeneralNames names, Set<String> addresses, int usage) {

    private static final int SHORTEST_RSA = 2048;
    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    static CertificationRequest read(byte[] der) throws AuthorityException {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(request.getSubjectPublicKeyInfo()))) {
                throw new AuthorityException(
                        Reason.BAD_REQUEST,
                        "the request is not signed by the key that it wants a certificate for; who sent it may not have"
                                + " that key");
            }
            Extensions asked = request.getRequestedExtensions();
            GeneralNames names =
                    asked == null ? null : GeneralNames.fromExtensions(asked, Extension.subjectAlternativeName);
            GeneralNames safe = names == null ? new GeneralNames(new GeneralName[0]) : names;
            SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
            requireStrong(key);
            return new CertificationRequest(request.getSubject(), key, safe, addresses(safe), usage(key, asked));
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException e) {
            throw new AuthorityException(
                    Reason.BAD_REQUEST, "this is no whole request for a certificate (PKCS#10): " + e.getMessage());
        }
    }

    private static void requireStrong(SubjectPublicKeyInfo key) throws AuthorityException, IOException {
        ASN1ObjectIdentifier type = key.getAlgorithm().getAlgorithm();
        if (PKCSObjectIdentifiers.rsaEncryption.equals(type)) {
            int bits =
                    RSAPublicKey.getInstance(key.parsePublicKey()).getModulus().bitLength();
            if (bits < SHORTEST_RSA) {
                throw new AuthorityException(
                        Reason.WEAK_KEY, "the key has " + bits + " bits; RSA keys need " + SHORTEST_RSA);
            }
        }
    }

    /** Only addresses may stand in a certificate for mail: any other name could be taken for a server's. */
    private static Set<String> addresses(GeneralNames names) throws AuthorityException {
        Set<String> addresses = new TreeSet<>();
        for (GeneralName name : names.getNames()) {
            if (name.getTagNo() == GeneralName.rfc822Name) {
                addresses.add(name.getName().toString());
            } else if (name.getTagNo() == GeneralName.otherName
                    && OtherName.getInstance(name.getName()).getTypeID().equals(SMTP_UTF8_MAILBOX)) {
                addresses.add(ASN1UTF8String.getInstance(
                                OtherName.getInstance(name.getName()).getValue())
                        .getString());
            } else {
                throw new AuthorityException(
                        Reason.WRONG_USAGE, "the request asks for a name that is no mail address: " + name.getName());
            }
        }
        return addresses;
    }

    private static int usage(SubjectPublicKeyInfo key, @org.jspecify.annotations.Nullable Extensions asked)
            throws AuthorityException {
        ASN1ObjectIdentifier type = key.getAlgorithm().getAlgorithm();
        int encrypt = PKCSObjectIdentifiers.rsaEncryption.equals(type)
                ? KeyUsage.keyEncipherment
                : X9ObjectIdentifiers.id_ecPublicKey.equals(type) ? KeyUsage.keyAgreement : 0;
        int all = KeyUsage.digitalSignature | encrypt;
        KeyUsage wanted = asked == null ? null : KeyUsage.fromExtensions(asked);
        if (wanted == null) {
            return all;
        }
        int usage = Stream.of(KeyUsage.digitalSignature, KeyUsage.nonRepudiation, encrypt)
                .filter(bit -> bit != 0 && wanted.hasUsages(bit))
                .reduce(0, (one, other) -> one | other);
        if (!new KeyUsage(usage).equals(wanted) || usage == 0) {
            throw new AuthorityException(
                    Reason.WRONG_USAGE,
                    "the request wants a key usage that keys of this type do not have in mail: " + wanted);
        }
        return usage;
    }

    /** What the operator of the CA has checked must be all that the request asks for. */
    void requireAddresses(List<String> checked) throws AuthorityException {
        Set<String> wanted = checked.stream().collect(Collectors.toCollection(TreeSet::new));
        if (addresses.isEmpty() || !wanted.equals(addresses)) {
            throw new AuthorityException(
                    Reason.ADDRESS_MISMATCH,
                    "the request asks for " + (addresses.isEmpty() ? "no address" : String.join(", ", addresses))
                            + ", and named were " + (wanted.isEmpty() ? "none" : String.join(", ", wanted))
                            + "; check that each is its owner's, and name them all");
        }
    }
}
