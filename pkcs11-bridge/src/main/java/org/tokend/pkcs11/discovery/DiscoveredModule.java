package org.tokend.pkcs11.discovery;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 module that p11-kit's configuration lists.
 *
 * @param name the configuration file's name without {@code .module}
 * @param path the module file, symbolic links resolved
 * @param reserved what C_Initialize gets as pReserved ({@code x-init-reserved}), or null
 * @param priority higher comes first
 * @param source the file that names the module
 */
public record DiscoveredModule(
        String name, Path path, @Nullable String reserved, int priority, Path source) {}
