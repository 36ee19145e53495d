package org.tokend.pkcs11.cryptoki;

/** A CK_TOKEN_INFO; texts without their padding (blanks and NUL), -1 is CK_UNAVAILABLE_INFORMATION. */
public record TokenInfo(
        String label,
        String manufacturer,
        String model,
        String serial,
        long flags,
        long maxSessionCount,
        long sessionCount,
        long maxRwSessionCount,
        long rwSessionCount,
        long maxPinLength,
        long minPinLength,
        long totalPublicMemory,
        long freePublicMemory,
        long totalPrivateMemory,
        long freePrivateMemory,
        Version hardwareVersion,
        Version firmwareVersion,
        String utcTime) {}
