package org.tokend.pkcs11.application;

/**
 * What one application may hold of the daemon's memory.
 *
 * @param sessions open at once
 * @param objects session objects at once
 * @param objectBytes of memory for all of them
 * @param collectedBytes of data that all operations together keep until their end; what is only hashed has no limit
 */
public record ApplicationLimits(int sessions, int objects, int objectBytes, int collectedBytes) {
    public static final ApplicationLimits DEFAULT = new ApplicationLimits(1024, 4096, 16 << 20, 16 << 20);
}
