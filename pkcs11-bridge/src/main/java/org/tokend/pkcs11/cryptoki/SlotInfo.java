package org.tokend.pkcs11.cryptoki;

/** A CK_SLOT_INFO; texts without their padding. */
public record SlotInfo(
        String description, String manufacturer, long flags, Version hardwareVersion, Version firmwareVersion) {}
