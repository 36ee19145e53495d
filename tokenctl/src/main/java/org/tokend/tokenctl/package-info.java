/**
 * The command for people: what comes in is a command line, what goes out are text or JSON and an exit code. Wires the
 * commands; may depend on all of its own packages, picocli and client-lib.
 */
@NullMarked
package org.tokend.tokenctl;

import org.jspecify.annotations.NullMarked;
