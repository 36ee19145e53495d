package org.tokend.smime.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/** A dated table of algorithms. Data, so that a new year's judgement is a new file and not new code. */
public final class AlgorithmPolicy {

    /** The cipher for those who ask for none: names with the day until which each is used, then one without a day. */
    public static final String DEFAULT_CIPHER = "default.cipher";

    private static final String RESOURCE = "algorithms.properties";
    private static final String DATE = "table.date";
    private static final String CIPHER = "(?i:AES-(?:128|192|256)-(?:CBC|GCM))";
    private static final Pattern DATED_CIPHERS =
            Pattern.compile("(?:" + CIPHER + " until [0-9]{4}-[0-9]{2}-[0-9]{2}, *)*" + CIPHER);

    private final Map<String, String> table;
    private final DefaultSignatureNameFinder names = new DefaultSignatureNameFinder();

    private AlgorithmPolicy(Map<String, String> table) {
        this.table = Map.copyOf(table);
    }

    /** The table that comes with this library. */
    public static AlgorithmPolicy builtIn() {
        Properties properties = new Properties();
        try (InputStream in = AlgorithmPolicy.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            properties.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Map<String, String> table = new TreeMap<>();
        properties
                .stringPropertyNames()
                .forEach(name -> table.put(name, properties.getProperty(name).strip()));
        return new AlgorithmPolicy(table);
    }

    /** What is refused here stays refused: a layer above may only be stricter about it. */
    public AlgorithmPolicy with(Map<String, String> changes) {
        Map<String, String> changed = new TreeMap<>(table);
        changes.forEach((name, value) -> {
            if (!"no".equals(table.get(name))) {
                changed.put(name, value);
            }
        });
        return new AlgorithmPolicy(changed);
    }

    /** Whether the name is a row of the table that may be set. */
    public boolean knows(String name) {
        return table.containsKey(name) && !name.equals(DATE);
    }

    /** The row as it stands; empty where there is none. */
    public String row(String name) {
        return table.getOrDefault(name, "");
    }

    /** The day on which somebody last looked at every row. */
    public String date() {
        return row(DATE);
    }

    /** Whether it is what the row with the cipher for everybody may say: weak ones it may not name. */
    static boolean isDefaultCipher(String value) {
        return DATED_CIPHERS.matcher(value).matches();
    }

    /** What is used on that day where nobody asks for anything else, in capitals. */
    public String defaultCipher(Instant when) {
        String row = row(DEFAULT_CIPHER);
        if (!isDefaultCipher(row)) {
            throw new IllegalArgumentException("the policy's " + DEFAULT_CIPHER + " is \"" + row
                    + "\", and one like AES-256-CBC is wanted, or AES-256-CBC until 2030-01-31, AES-256-GCM");
        }
        for (String each : row.split(", *", -1)) {
            String[] dated = each.split(" ", 2);
            if (dated.length == 1 || when.isBefore(day(DEFAULT_CIPHER, dated[1]))) {
                return dated[0].toUpperCase(Locale.ROOT);
            }
        }
        throw new IllegalStateException("the last cipher of " + row + " has a day");
    }

    /** The algorithm of a signature over a certificate, a CRL, an OCSP response or a mail. */
    public Rating signature(AlgorithmIdentifier algorithm, Instant when) {
        String name;
        try {
            name = names.getAlgorithmName(algorithm).toUpperCase(Locale.ROOT).replace("-", "");
        } catch (IllegalArgumentException | IllegalStateException malformed) {
            return new Rating(Rating.Worth.REFUSED, "the signature algorithm is not encoded as it should be");
        }
        for (String digest : new String[] {"MD2", "MD4", "MD5", "RIPEMD160", "SHA224", "SHA256", "SHA384", "SHA512"}) {
            if (name.contains(digest) && !name.contains("SHA512(")) {
                return digest(digest, when);
            }
        }
        return name.startsWith("SHA1") ? digest("SHA1", when) : Rating.GOOD;
    }

    /** @param name such as {@code SHA-1} or {@code SHA256} */
    public Rating digest(String name, Instant when) {
        String plain = name.toUpperCase(Locale.ROOT).replace("SHA-", "SHA").replace("SHA3-", "SHA3");
        return rated("digest." + (plain.startsWith("SHA3") && plain.length() > 6 ? "SHA3" : plain), name, when);
    }

    /** @param name such as {@code AES} or {@code 3DES} */
    public Rating cipher(String name, Instant when) {
        return rated("cipher." + name.toUpperCase(Locale.ROOT), name, when);
    }

    /** Key types that the table does not know (Ed25519, ML-DSA) have no weak sizes. */
    public Rating key(MailCertificate certificate) {
        SubjectPublicKeyInfo key = certificate.holder().getSubjectPublicKeyInfo();
        ASN1ObjectIdentifier type = key.getAlgorithm().getAlgorithm();
        try {
            if (PKCSObjectIdentifiers.rsaEncryption.equals(type) || PKCSObjectIdentifiers.id_RSAES_OAEP.equals(type)) {
                BigInteger modulus =
                        RSAPublicKey.getInstance(key.parsePublicKey()).getModulus();
                return sized("RSA", modulus.bitLength());
            } else if (X9ObjectIdentifiers.id_ecPublicKey.equals(type)) {
                return curve(X962Parameters.getInstance(key.getAlgorithm().getParameters()));
            }
            return Rating.GOOD;
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            return new Rating(Rating.Worth.REFUSED, "the public key is not encoded as it should be");
        }
    }

    private Rating curve(@Nullable X962Parameters parameters) {
        X9ECParameters curve = parameters != null && parameters.isNamedCurve()
                ? ECNamedCurveTable.getByOID(ASN1ObjectIdentifier.getInstance(parameters.getParameters()))
                : null;
        return curve == null
                ? new Rating(Rating.Worth.REFUSED, "the key is on a curve without a name, or one that is not known")
                : sized("EC", curve.getCurve().getFieldSize());
    }

    private Rating sized(String type, int bits) {
        String text = "the key is " + type + " with " + bits + " bits, and at least "
                + table.get("key." + type + ".yes") + " are wanted";
        if (bits < number("key." + type + ".old")) {
            return new Rating(Rating.Worth.REFUSED, text);
        }
        return bits < number("key." + type + ".yes") ? new Rating(Rating.Worth.OLD, text) : Rating.GOOD;
    }

    private int number(String name) {
        try {
            return Integer.parseInt(table.getOrDefault(name, "0"));
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException("the policy's " + name + " is no number", notNumber);
        }
    }

    private Rating rated(String row, String name, Instant when) {
        String value = table.getOrDefault(row, "no");
        if (value.equals("yes") || (value.startsWith("until ") && when.isBefore(day(row, value)))) {
            return Rating.GOOD;
        }
        return value.equals("no")
                ? new Rating(Rating.Worth.REFUSED, name + " is refused: it can be forged, or is not known")
                : new Rating(Rating.Worth.OLD, name + " is too weak for anything new");
    }

    private static Instant day(String row, String value) {
        try {
            return LocalDate.parse(value.substring("until ".length()))
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeParseException notDate) {
            throw new IllegalArgumentException("the policy's " + row + " names no day like 2030-01-31", notDate);
        }
    }
}
