/**
 * The configuration: a TOML file comes in, records go out, or every problem with its file, line, column and remedy. May
 * depend on {@code access} (rules for keys and programs), the wire contract and {@code pkcs11.uri}.
 */
@NullMarked
package org.tokend.daemon.config;

import org.jspecify.annotations.NullMarked;
