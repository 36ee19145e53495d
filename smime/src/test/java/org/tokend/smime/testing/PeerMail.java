package org.tokend.smime.testing;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.MailCertificate;

/** Signed mails as another program writes them. */
public final class PeerMail {

    private static final byte[] CONTENT = "Content-Type: text/plain\r\n\r\nHi.\r\n".getBytes(StandardCharsets.US_ASCII);

    private PeerMail() {}

    /** @param signer over {@link TestKey#RSA_2048_A} */
    public static byte[] signed(MailCertificate signer, Attribute... attributes) throws Exception {
        ASN1EncodableVector all = new ASN1EncodableVector();
        all.addAll(attributes);
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
                new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                        .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AttributeTable(all)))
                        .build(
                                new JcaContentSignerBuilder("SHA256withRSA").build(TestKey.RSA_2048_A.privateKey()),
                                signer.holder()));
        generator.addCertificate(signer.holder());
        return generator.generate(new CMSProcessableByteArray(CONTENT), true).getEncoded();
    }
}
