package org.tokend.pkcs11.cryptoki;

/** A CK_INFO; texts without their padding. */
public record ModuleInfo(
        Version cryptokiVersion, String manufacturer, long flags, String libraryDescription, Version libraryVersion) {}
