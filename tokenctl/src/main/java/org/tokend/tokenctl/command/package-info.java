/**
 * One class for each command: what comes in are its options, what goes out is an exit code, and text or JSON. May depend on
 * application, output, doctor, picocli, smime and client-lib.
 */
@NullMarked
package org.tokend.tokenctl.command;

import org.jspecify.annotations.NullMarked;
