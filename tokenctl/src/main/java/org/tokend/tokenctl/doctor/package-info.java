/**
 * What is still missing: what comes in is this machine and what tokend says of itself, what goes out are checks, each with a
 * verdict and a next step. Changes nothing and never prompts. May depend on application, output and client-lib.
 */
@NullMarked
package org.tokend.tokenctl.doctor;

import org.jspecify.annotations.NullMarked;
