package org.tokend.daemon.pkcs12;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/** Builds one PFX (RFC 7292): the key shrouded, the certificates encrypted, all of it under a MAC. */
final class KeyFileWriter {
    /** Ten times what OpenSSL 3.0 writes, and still unnoticed by whoever opens the file. */
    private static final int ITERATIONS = 20_480;

    private final BouncyCastleProvider provider;
    private final boolean legacy;
    private final Passphrase passphrase;

    KeyFileWriter(BouncyCastleProvider provider, boolean legacy, Passphrase passphrase) {
        this.provider = provider;
        this.legacy = legacy;
        this.passphrase = passphrase;
    }

    byte[] write(KeyFile file) throws GeneralSecurityException, IOException, OperatorCreationException, PKCSException {
        SubjectKeyIdentifier keyId = new JcaX509ExtensionUtils()
                .createSubjectKeyIdentifier(file.chain().getFirst().getPublicKey());
        PKCS12SafeBag[] certificates = new PKCS12SafeBag[file.chain().size()];
        for (int i = 0; i < certificates.length; i++) {
            X509Certificate certificate = file.chain().get(i);
            PKCS12SafeBagBuilder bag = new JcaPKCS12SafeBagBuilder(certificate);
            if (i == 0) {
                name(bag, file, keyId);
            }
            certificates[i] = bag.build();
        }
        PKCS12SafeBagBuilder key = new JcaPKCS12SafeBagBuilder(file.key(), encryptor());
        name(key, file, keyId);
        return new PKCS12PfxPduBuilder()
                .addEncryptedData(encryptor(), certificates)
                .addData(key.build())
                .build(
                        new JcePKCS12MacCalculatorBuilder(
                                        legacy ? OIWObjectIdentifiers.idSHA1 : NISTObjectIdentifiers.id_sha256)
                                .setProvider(provider)
                                .setIterationCount(ITERATIONS),
                        passphrase.characters())
                .getEncoded();
    }

    private static void name(PKCS12SafeBagBuilder bag, KeyFile file, SubjectKeyIdentifier keyId) {
        if (!file.name().isEmpty()) {
            bag.addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_friendlyName, new DERBMPString(file.name()));
        }
        bag.addBagAttribute(PKCSObjectIdentifiers.pkcs_9_at_localKeyId, keyId);
    }

    private OutputEncryptor encryptor() throws OperatorCreationException {
        ASN1ObjectIdentifier algorithm =
                legacy ? PKCSObjectIdentifiers.pbeWithSHAAnd3_KeyTripleDES_CBC : NISTObjectIdentifiers.id_aes256_CBC;
        JcePKCSPBEOutputEncryptorBuilder builder = new JcePKCSPBEOutputEncryptorBuilder(algorithm)
                .setProvider(provider)
                .setIterationCount(ITERATIONS);
        if (!legacy) {
            builder.setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE));
        }
        return builder.build(passphrase.characters());
    }
}
