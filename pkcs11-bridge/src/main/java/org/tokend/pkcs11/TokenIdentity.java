package org.tokend.pkcs11;

import org.tokend.pkcs11.uri.Pkcs11Uri;

/**
 * What makes a token the same token: serial, label and model, without padding. Never its slot number, which moves.
 *
 * @param manufacturer shown and put into the URI, not part of the comparison that finds a token again
 */
public record TokenIdentity(String label, String manufacturer, String model, String serial) {

    public Pkcs11Uri uri() {
        return Pkcs11Uri.builder()
                .token(label)
                .manufacturer(manufacturer)
                .serial(serial)
                .model(model)
                .build();
    }

    public boolean matches(Pkcs11Uri uri) {
        return uri.matchesToken(label, manufacturer, model, serial);
    }

    /** Whether this is the token that was seen before: serial, label and model say the same. */
    public boolean sameToken(TokenIdentity other) {
        return serial.equals(other.serial) && label.equals(other.label) && model.equals(other.model);
    }

    @Override
    public String toString() {
        return uri().toString();
    }
}
