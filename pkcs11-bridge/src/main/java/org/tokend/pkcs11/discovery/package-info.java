/** Finds modules: p11-kit's configuration files come in, modules to load and notes about those left out go out. Depends on the JDK only. */
@NullMarked
package org.tokend.pkcs11.discovery;

import org.jspecify.annotations.NullMarked;
