package org.tokend.pkcs11;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.uri.Pkcs11Uri;

/** What makes a token the same token: serial, label and model, without padding. Never its slot number, which moves. */
public final class TokenIdentity {
    private final String label;
    private final String manufacturer;
    private final String model;
    private final String serial;
    private final Pkcs11Uri uri;

    /** @param manufacturer shown and put into the URI, not part of the comparison that finds a token again */
    public TokenIdentity(String label, String manufacturer, String model, String serial) {
        this.label = label;
        this.manufacturer = manufacturer;
        this.model = model;
        this.serial = serial;
        this.uri = Pkcs11Uri.builder()
                .token(label)
                .manufacturer(manufacturer)
                .serial(serial)
                .model(model)
                .build();
    }

    public String label() {
        return label;
    }

    public String manufacturer() {
        return manufacturer;
    }

    public String model() {
        return model;
    }

    public String serial() {
        return serial;
    }

    public Pkcs11Uri uri() {
        return uri;
    }

    public boolean matches(Pkcs11Uri uri) {
        return uri.matchesToken(label, manufacturer, model, serial);
    }

    /** Whether this is the token that was seen before: serial, label and model say the same. */
    public boolean sameToken(TokenIdentity other) {
        return serial.equals(other.serial) && label.equals(other.label) && model.equals(other.model);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenIdentity that && sameToken(that) && manufacturer.equals(that.manufacturer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(label, manufacturer, model, serial);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
