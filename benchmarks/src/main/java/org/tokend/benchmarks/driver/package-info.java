/**
 * The load program for client-lib, a process of its own. Orders come in on standard input; counts and latencies go out. Depends on client-lib only.
 */
@NullMarked
package org.tokend.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
